-- grants: PUBLIC may calculate, and read where it has been given the tables; it may not call what writes.
-- Every VOLATILE function and every procedure has its line (test/pgtap/catalog.sql holds us to it).
-- No role is made: docs/operate.md has a reader and an operator to grant to.

REVOKE EXECUTE ON ROUTINE load_simulated_league FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE simulate_league FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE refresh_ratings FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE check_leakage FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE scramble_check FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE train_forest FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE libxgboost_predict FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE keep_own_row FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE schedule_jobs FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE unschedule_jobs FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE prune_job_runs FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE move_money FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE place_bet FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE settle_bets FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE simulate_season FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE evaluate_season FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE settle_backtest FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE run_backtest FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE refresh_strategies FROM PUBLIC;
REVOKE EXECUTE ON ROUTINE replay_strategies FROM PUBLIC;
