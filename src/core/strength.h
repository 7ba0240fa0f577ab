/*
 * Teams' strengths by maximum likelihood: the rates of both sides of a match are
 * ln home = attack[home] + defence[away] + home advantage, ln away = attack[away] + defence[home],
 * and a model says how likely the goals are under them and one more parameter, theta.
 */
#ifndef BET_EDGE_CORE_STRENGTH_H
#define BET_EDGE_CORE_STRENGTH_H

#include <stdbool.h>
#include <stddef.h>

#include "core/matches.h"
#include "core/status.h"

/* What a side may score, and how many teams may play. */
#define STRENGTH_MAX_GOALS 10000
#define STRENGTH_MAX_TEAMS 1000

typedef struct strength_fit
{
	double	   *attack;			/* of each team, their mean 0; the caller's */
	double	   *defence;
	double		home_advantage; /* 0 when all matches are on neutral ground */
	double		theta;
	double		log_likelihood; /* of the matches, without the prior */
} strength_fit;

/* A term of the log-likelihood and its slopes by ln home rate, ln away rate, theta. */
typedef struct strength_slope
{
	double		value;
	double		first[3];
	double		second[3][3];	/* the lower triangle is read */
} strength_slope;

/* Term i, or false where the rates and theta are outside the model's domain. */
typedef bool (*strength_term) (const void *model, long i, double home_rate, double away_rate, double theta,
							   strength_slope *slope);

typedef struct strength_problem
{
	int			teams;
	long		n;				/* terms, each between two teams */
	const match *terms;			/* of which home, away and neutral are read */
	strength_term term;
	const void *model;
	bool		home;			/* is home advantage a parameter? */
	bool		theta;			/* is theta? */
	double		theta_min;		/* the least theta, which it may reach; -INFINITY for none */
	double		prior;			/* precision with which strengths are held to their mean */
	int			steps;			/* at most */
	void		(*check) (void);
} strength_problem;

/* Doubles of work that strength_maximise needs. */
extern size_t strength_space(int teams);

/*
 * Walks from fit (its attack, defence, home_advantage, theta) to the maximum of the terms' sum less
 * prior/2 * sum of squared deviations from the mean, and puts the terms' sum in log_likelihood.
 * CORE_NO_CONVERGENCE: there is none within the domain.
 */
extern core_status strength_maximise(const strength_problem *p, strength_fit *fit, double *work);

/* A start: each team's goals against the mean, on average opponents. work: 3 * teams doubles. */
extern void strength_start(const match *rows, long n, int teams, bool home, strength_fit *fit, double *work);

/* Of the goals of a match between two of the teams. */
extern void strength_rates(const strength_fit *fit, int home, int away, bool neutral, double *home_rate, double *away_rate);

#endif							/* BET_EDGE_CORE_STRENGTH_H */
