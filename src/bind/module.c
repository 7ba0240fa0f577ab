#include "bind/compat.h"

BET_EDGE_MODULE_MAGIC("bet_edge");
