\echo Use "CREATE EXTENSION bet_edge" to load this file. \quit

