package main

import (
	"bytes"
	"context"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// TestManPage: the page tells every command and flag, in text that its macros pass
// through unchanged.
func TestManPage(t *testing.T) {
	var out, errs bytes.Buffer
	if status := run(context.Background(), []string{appName, "man"}, strings.NewReader(""), &out, &errs); status != exitOK {
		t.Fatalf("man ends with %d: %s", status, &errs)
	}
	page := out.String()
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "'") || strings.HasPrefix(line, ".") && !regexp.MustCompile(`^\.(TH|SH|SS|PP|TP|B|I|RI|nf|fi|br)\b`).MatchString(line) {
			t.Errorf("a line that is read as a request: %q", line)
		}
	}
	everyCommand(func(words []string, c *cli.Command) {
		name := strings.Join(words, " ")
		if len(c.Subcommands) == 0 && !strings.Contains(page, "\n.SS \""+name+" ") {
			t.Errorf("no heading for %s", name)
		}
		for _, f := range c.Flags {
			of := regexp.MustCompile(`(?m)^\.B "` + regexp.QuoteMeta(roff(strings.TrimSpace(flagName(f)))) + `"\n.*\n\.br\n\.I ".*\b` + name + `\b`)
			if !of.MatchString(page) {
				t.Errorf("%s of %s is not told", flagName(f), name)
			}
		}
	})
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("groff is not installed")
	}
	cmd := exec.Command(groff, "-man", "-ww", "-Tascii", "-P-c", "-rLL=10000n")
	cmd.Stdin = strings.NewReader(page)
	errs.Reset()
	cmd.Stderr = &errs
	text, err := cmd.Output()
	if err != nil || errs.Len() > 0 {
		t.Fatalf("groff: %v: %s", err, &errs)
	}
	for _, want := range []string{
		`tideline search 'userAgent|contains="curl/" and not user.username=alice' logs/`, "source <(tideline completion bash)",
		"no evidence record in any input is not an incomplete", "75 another run holds the state",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page as printed lacks %q", want)
		}
	}
}

func TestSchemaIsPrinted(t *testing.T) {
	for name, id := range map[string]string{"finding": "urn:tideline:schema:finding:1", "report": "urn:tideline:schema:report:1"} {
		var out, errs bytes.Buffer
		if status := run(context.Background(), []string{appName, "schema", name}, strings.NewReader(""), &out, &errs); status != exitOK || !strings.Contains(out.String(), `"$id": "`+id) {
			t.Errorf("schema %s ends with %d: %s", name, status, &errs)
		}
	}
	for _, words := range [][]string{{"schema"}, {"schema", "finding", "report"}, {"schema", "findings"}} {
		var out, errs bytes.Buffer
		if status := run(context.Background(), append([]string{appName}, words...), strings.NewReader(""), &out, &errs); status != exitUsage || out.Len() > 0 {
			t.Errorf("%q ends with %d: %s%s", words, status, &out, &errs)
		}
	}
}
