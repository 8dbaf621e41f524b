package scanner

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"tideline/parsers"
)

// TestHostilePartials: a partial result comes from another machine, perhaps one
// that somebody else is master of. Whatever it holds costs an error at most.
func TestHostilePartials(t *testing.T) {
	rs := testRuleset(t)
	head := fmt.Sprintf(`{"schema":%q}`, PartialSchema)
	const rule = "11111111-1111-4111-8111-111111111111"
	hit := func(more string) string {
		return fmt.Sprintf(`{"hit":{"rule":%q,"time":"2026-03-01T10:00:00Z","actor":{"id":"x"},"source":{"path":"a"}%s}}`, rule, more)
	}
	for _, c := range []struct{ name, lines string }{
		{"adjustment before the first", hit(`,"adjust":[-1]`)},
		{"adjustment behind the last", hit(`,"adjust":[99]`)},
		{"format without statistics", `{"aggregates":{"formats":{"kubernetes-audit":null}}}`},
		{"format without details", `{"aggregates":{"formats":{"kubernetes-audit":{"details":null,"levels":null,"events":-5}}}}`},
		{"no aggregates", `{"aggregates":null}`},
		{"minute without rows", `{"aggregates":{"minutes":{"29":null,"30":{"kubernetes-audit":null}},"minute_step":-60}}`},
		{"steps of no width", `{"aggregates":{"minutes":{"29":{"a":{"events":1}}},"minute_step":9223372036854775807}}`},
		{"minutes out of time", `{"aggregates":{"minutes":{"9223372036854775807":{"a":{"events":1}},"-9223372036854775808":{"a":{"events":1}}}}}`},
		{"activity without end", `{"aggregates":{"active":{"kubernetes-audit\u0000a":null,"":"x"}}}`},
		{"rows without a name", `{"aggregates":{}}` + "\n" + `{"principals":[{}],"names":[{}]}`},
		{"entry without anything", `{"ledger":{}}`},
		{"entry with counts below zero", `{"ledger":{"path":"a","records":-1,"events":-9223372036854775808,"bytes":{"read":-1},"gaps":[{"count":-5,"bytes":-1}]}}`},
		{"loose event without anything", `{"loose":{"records":[{}]}}`},
		{"loose event of an unknown format", `{"loose":{"format":"auditd","records":[{"raw":"eA=="}]}}`},
		{"hit without anything", `{"hit":{}}`},
		{"hit with null lists", hit(`,"exposed":[{}],"matched":[{}],"fields":{"user":null,"name":[]},"records":-1`)},
		{"hit out of time", strings.Replace(hit(""), "2026-03-01T10:00:00Z", "9999-12-31T23:59:59Z", 1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := strings.Count(c.lines, `"hit"`) + strings.Count(c.lines, `"loose"`)
			var file bytes.Buffer
			zw := gzip.NewWriter(&file)
			fmt.Fprintf(zw, "%s\n%s\n{\"end\":%d}\n", head, c.lines, n)
			if err := zw.Close(); err != nil {
				t.Fatal(err)
			}
			p, err := ReadPartial(&file, 0)
			if err != nil {
				if !errors.Is(err, ErrPartial) {
					t.Errorf("read: %v", err)
				}
				return
			}
			defer p.Close()
			formats := []*parsers.Format{{Name: "kubernetes-audit"}}
			r, err := Conclude(context.Background(), []*Partial{p, partialOf(t, 0, readHit("eve", "prod", "db", "allowed", 1))}, rs, formats, ReportOptions{})
			if err != nil {
				if !strings.Contains(err.Error(), "partial result") {
					t.Errorf("conclude: %v", err)
				}
				return
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
