package main

import (
	"github.com/urfave/cli/v2"

	"tideline/report"
)

func schemaCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "schema", Usage: "the JSON Schema of a finding, as in NDJSON, or of the JSON report", ArgsUsage: "finding|report",
		Action: func(c *cli.Context) error {
			var text []byte
			switch name := c.Args().First(); {
			case c.NArg() != 1:
				return usageError("want one schema: tideline schema finding, or report")
			case name == "finding":
				text = report.FindingSchema
			case name == "report":
				text = report.BundledReportSchema()
			default:
				return usageError("schema %.40q: want finding or report", name)
			}
			_, err := e.stdout.Write(text)
			return err
		},
	}
}
