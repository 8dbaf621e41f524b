package report

import _ "embed"

// The JSON Schemas (draft 2020-12) of tideline.finding/1 and tideline.report/1; the
// second refers to the first by its $id. They are not to be changed.
var (
	//go:embed schema/finding.json
	FindingSchema []byte
	//go:embed schema/report.json
	ReportSchema []byte
)
