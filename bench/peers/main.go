// Command peers measures other engines on one model of releasability, side by
// side: how long a decision takes, and how long it takes to count and list
// exactly what a party may have. Every engine is first checked against the
// plain function of package model, on every question that is timed, and the
// first difference fails the run.
//
//	go run . list
//	go run . NAME... [--json] [--short]
//	go run . all [--json] [--short]
//
// What is printed is told in package kit. The value of a result is the least of
// its runs, which others on the machine disturbed least.
//
// The program may not keep anything on the disk, open a network port, or claim
// what it has not measured.
package main

import "tearline/bench/kit"

// found is the unit of what is better when there is more of it.
const found = "objects"

// program is peers itself.
var program = kit.Program[amount, *bench]{
	Name: "peers", Full: full, Short: short, Open: newBench, Least: true, More: []string{found},
	Benchmarks: []kit.Benchmark[*bench]{
		{Name: "model", About: "the model itself as Go bitsets: what the machine allows", Run: benchModel},
		{Name: "cedar", About: "Cedar (cedar-go), one decision", Run: benchCedar},
		{Name: "cel", About: "CEL (cel-go), one decision, as bitmasks and as sets of strings", Run: benchCEL},
		{Name: "casbin", About: "casbin, one decision", Run: benchCasbin},
		{Name: "opa", About: "OPA, one decision, prepared, input as maps and as ast.Value", Run: benchOPA},
		{Name: "openfga", About: "OpenFGA embedded over SQLite: one decision, ListObjects", Run: benchOpenFGA},
		{Name: "sqlite", About: "SQLite, 1M portions: one decision, exact count, first page", Run: benchSQLite},
		{Name: "sqlite-10m", About: "the same, 10M portions", Run: benchSQLiteLarge},
		{Name: "sqlite-old", About: "the same, 10M portions, all that the party sees is old", Run: benchSQLiteOld},
		{Name: "postgres", About: "PostgreSQL, row-level security, 1M portions: decision, count, page", Run: benchPostgres},
		{Name: "postgres-10m", About: "the same, 10M portions", Run: benchPostgresLarge},
		{Name: "postgres-old", About: "the same, 10M portions, all that the party sees is old", Run: benchPostgresOld},
		{Name: "tearline", About: "Tearline's index of release classes on the same model, told in statements", Run: benchTearline},
	},
}

func main() { program.Main() }
