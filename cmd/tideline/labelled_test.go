package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"tideline/parsers"
	"tideline/parsers/parsertest"
	"tideline/scanner"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
	"tideline/scanner/source"
)

// A labelled case is an event with the verdict of somebody else's rule (the
// corpus' README has the provenance).
type labelled struct {
	RuleID   string          `json:"rule_id"`
	Test     string          `json:"test"`
	Expected *bool           `json:"expected"`
	Family   bool            `json:"t1552_007"`
	HasMocks bool            `json:"has_mocks"`
	Event    json.RawMessage `json:"event"`
}

// disagreements are the labelled cases of the T1552.007 family on which
// tideline differs on purpose, each with the reason.
var disagreements = map[string]string{
	"alarm (critical): Kubernetes.Pod.StealServiceAccountToken: Failed exec (excluded)":                          "an attempt is reported, as one that failed",
	"alarm (critical): Kubernetes.Pod.StealServiceAccountToken: System principal in system namespace (excluded)": "no control plane reads tokens by exec; the exclusion is where an intruder would hide",
	"alarm (medium): Kubernetes.BulkSecretAccess: Write Verb Excluded":                                           "writing a secret is no bulk read, and a finding of another rule",
	"alarm (medium): Kubernetes.Pod.StealServiceAccountToken: Regular exec without token access":                 "a command run in a pod is a finding of another rule",
	"alarm (medium): Kubernetes.Secrets.DumpAllNamespaces: Namespaced secret list (not cluster-wide)":            "listing a namespace's secrets is a finding of another rule",
}

// worst is the highest level that a scan of one record finds.
func worst(t *testing.T, rs *ruleset.Ruleset, reader parsers.Reader, record []byte) string {
	t.Helper()
	p, err := scanner.Collect(context.Background(), []string{"-"}, scanner.Options{
		Reader: reader, Rules: rs, Workers: 1, Source: source.Options{Stdin: bytes.NewReader(record)}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	r, err := scanner.Conclude(context.Background(), []*scanner.Partial{p}, rs, reader.Formats(), scanner.ReportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	level := ""
	err = r.Each(context.Background(), func(f *finding.Finding) error {
		if finding.LevelRank(f.Rule.Level) > finding.LevelRank(level) {
			level = f.Rule.Level
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return level
}

// TestLabelledEvents holds recall and precision on public, labelled events of
// the T1552.007 family. An event counts as found at level low or above, and as
// a false alarm at medium or above.
func TestLabelledEvents(t *testing.T) {
	path := filepath.Join(parsertest.Corpus(t), "labelled", "panther-labs+panther-analysis", "panther_k8s_tests.jsonl")
	f, err := os.Open(path)
	if err != nil {
		t.Skip("no labelled events: ", err)
	}
	defer f.Close()
	rs, reader := builtinSet(t), newReader()
	var hit, missed, alarm, quiet int
	var wrong []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var c labelled
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if !c.Family || c.Expected == nil {
			continue
		}
		level := worst(t, rs, reader, c.Event)
		name := c.RuleID + ": " + c.Test
		switch rank := finding.LevelRank(level); {
		case *c.Expected && rank >= finding.LevelRank("low"):
			hit++
		case *c.Expected:
			missed++
			wrong = append(wrong, fmt.Sprintf("missed (%s): %s", level, name))
		case rank >= finding.LevelRank("medium"):
			alarm++
			wrong = append(wrong, fmt.Sprintf("alarm (%s): %s", level, name))
		default:
			quiet++
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	sort.Strings(wrong)
	t.Logf("T1552.007 family: recall %d of %d, precision %d of %d, %d quiet", hit, hit+missed, hit, hit+alarm, quiet)
	for _, w := range wrong {
		if why, ok := disagreements[w]; ok {
			t.Logf("%s: %s", w, why)
		} else {
			t.Errorf("not explained: %s", w)
		}
	}
}
