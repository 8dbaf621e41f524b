package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"tideline/report"
	"tideline/scanner/finding"
)

// manifestFormat is the name of the format of a manifest: what sha256sum(1) writes.
const manifestFormat = "sha256sum"

// writeManifest writes the digests of all sources, in the form that sha256sum -c checks.
// What it cannot check is a comment: members of archives, what was read from standard
// input, and names that are masked or not fit for a terminal.
func writeManifest(w io.Writer, o *finding.Overview, mask *report.Redactor) error {
	out := bufio.NewWriter(w)
	err := o.EachEntry(func(e *finding.Entry) error {
		if e.SHA256 == "" {
			return nil
		}
		name, mark := cell(mask.Text(e.Path)), ""
		if info, err := os.Stat(e.Path); err != nil || !info.Mode().IsRegular() || name != e.Path {
			mark = "# "
		}
		_, err := fmt.Fprintf(out, "%s%s  %s\n", mark, e.SHA256, name)
		return err
	})
	if err != nil {
		return err
	}
	return out.Flush()
}
