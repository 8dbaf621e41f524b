package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"tideline/parsers/parsertest"
)

// TestWorkersDoNotChangeTheReport scans all real logs with one worker and with
// eight: every report must have the same bytes.
func TestWorkersDoNotChangeTheReport(t *testing.T) {
	corpus := parsertest.Corpus(t)
	for _, format := range []string{"ndjson", "json", "table", "html"} {
		var want []byte
		for _, workers := range []string{"1", "8", "3"} {
			var out, problems bytes.Buffer
			status := run(context.Background(), []string{"tideline", "scan", "-q", "-j", workers, "-f", format, "--min-level", "informational", corpus},
				strings.NewReader(""), &out, &problems)
			if status != exitOK && status != exitIncomplete {
				t.Fatalf("exit status %d: %.500s", status, problems.String())
			}
			if want == nil {
				want = out.Bytes()
			} else if !bytes.Equal(out.Bytes(), want) {
				t.Errorf("%s: %s workers give other bytes than one", format, workers)
			}
		}
	}
}
