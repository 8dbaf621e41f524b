package report

import (
	_ "embed"
)

var (
	//go:embed schema/finding.json
	findingSchema string
	//go:embed schema/report.json
	reportSchema string
)

// FindingSchema is the JSON Schema (draft 2020-12) of tideline.finding/1.
func FindingSchema() string { return findingSchema }

// ReportSchema is the JSON Schema (draft 2020-12) of tideline.report/1. It
// refers to FindingSchema by its $id.
func ReportSchema() string { return reportSchema }
