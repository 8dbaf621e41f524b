package report

import (
	"bytes"
	_ "embed"
)

// The JSON Schemas (draft 2020-12) of tideline.finding/1 and tideline.report/1; the
// second refers to the first by its $id. They are not to be changed.
var (
	//go:embed schema/finding.json
	FindingSchema []byte
	//go:embed schema/report.json
	ReportSchema []byte
)

// BundledReportSchema is ReportSchema with FindingSchema among its definitions, under
// its own $id (JSON Schema 2020-12, section 9.3.1): validators resolve the reference to
// it without being given a second document.
func BundledReportSchema() []byte {
	const definitions = "\"$defs\": {\n"
	at := bytes.LastIndex(ReportSchema, []byte(definitions)) + len(definitions)
	indented := bytes.ReplaceAll(bytes.TrimSpace(FindingSchema), []byte("\n"), []byte("\n    "))
	return bytes.Join([][]byte{ReportSchema[:at], []byte(`    "finding": `), indented, []byte(",\n"), ReportSchema[at:]}, nil)
}
