package main

import (
	"io"

	"github.com/urfave/cli/v2"

	"tideline/report"
	"tideline/scanner"
)

func exposureCommand(e *env) *cli.Command {
	return listCommand(e, "exposure", "the credentials that were taken: the rotation list",
		func(s *session, r *scanner.Report, _ *scanner.Partial) listing {
			masked := report.NewRedactor(s.reportOptions()).Overview(&r.Overview)
			return listing{rows: masked.Exposure, csv: func(w io.Writer) error { return report.ExposureCSV(w, &r.Overview, s.reportOptions()) },
				table: func(w io.Writer) error { return report.ExposureTable(w, &r.Overview, s.reportOptions()) }}
		})
}
