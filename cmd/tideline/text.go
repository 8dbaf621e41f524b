package main

import (
	"tideline/report"
)

// printable makes text that may hold evidence fit for standard error: it
// keeps line breaks and neutralises everything else that a terminal obeys.
func printable(s string) string { return report.SafeText(s) }

// cell makes text fit for one cell of a table.
func cell(s string) string { return report.SafeCell(s) }
