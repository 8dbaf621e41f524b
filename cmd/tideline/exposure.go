package main

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"tideline/report"
	"tideline/scanner"
)

func exposureCommand(e *env) *cli.Command {
	return listCommand(e, "exposure", "the credentials that were taken: the rotation list", flags(chooseFlags(), ordinaryFlag(), ruleFlags()),
		func(s *session, r *scanner.Report, _ *scanner.Partial) listing {
			masked := report.NewRedactor(s.reportOptions()).Overview(&r.Overview)
			return listing{rows: masked.Exposure, lacks: unrotated(r.Overview.Unlisted), csv: func(w io.Writer) error { return report.ExposureCSV(w, &r.Overview, s.reportOptions()) },
				table: func(w io.Writer) error { return report.ExposureTable(w, &r.Overview, s.reportOptions()) }}
		})
}

// ordinaryFlag is --min-level of a list from which no level but the lowest is left out:
// a credential is to be rotated whatever the finding scored.
func ordinaryFlag() []cli.Flag {
	return under(headSelect, &cli.StringFlag{Name: "min-level", Value: "low", Action: isLevel("min-level"),
		Usage: "`LEVEL` informational lists what ordinary readers read, too; no other changes the list"})
}

// unrotated says that the list is not all that is to be rotated.
func unrotated(findings int64) string {
	if findings == 0 {
		return ""
	}
	return fmt.Sprintf("this list was full: %s gave away credentials that it does not name; tideline scan -f csv names them, or make lists of parts of the evidence",
		counted(int(findings), "more finding"))
}
