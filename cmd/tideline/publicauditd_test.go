package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tideline/parsers/parsertest"
	"tideline/scanner/finding"
)

// A vector is a rule of ../shared/sigma, and events with the verdict of a
// reference evaluator.
type vector struct {
	Path  string
	Title string
	Cases []struct {
		Event map[string]any
		Match bool
	}
}

func vectors(t *testing.T) []vector {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(parsertest.Shared(t), "sigma", "vectors-linux-k8s.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var out []vector
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v vector
		dec := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// notInAuditd are the rules for Linux that no audit record can make fire, by
// file or by folder, with what tideline says of them.
var notInAuditd = map[string]string{
	"net_connection_lnx_crypto_mining_indicators.yml": "DestinationHostname",
	"net_connection_lnx_domain_localtonet_tunnel.yml": "DestinationHostname",
	"net_connection_lnx_ngrok_tunnel.yml":             "DestinationHostname",
	"linux_other_service_auth":                        "linux/auth",
	"linux_other_service_clamav":                      "linux/clamav",
	"linux_other_service_cron":                        "linux/cron",
	"linux_other_service_guacamole":                   "linux/guacamole",
	"linux_other_service_sshd":                        "linux/sshd",
	"linux_other_service_sudo":                        "linux/sudo",
	"linux_other_service_syslog":                      "linux/syslog",
	"linux_other_service_vsftpd":                      "linux/vsftpd",
}

// render is the raw audit log of an event, by the folder that its rule is in.
func render(t *testing.T, folder string, event map[string]any) []byte {
	t.Helper()
	f := fields{}
	for k, v := range event {
		if v != nil {
			f[k] = fmt.Sprint(v)
		}
	}
	l := &auditLog{}
	switch folder {
	case "linux_process_creation":
		l.process(f)
	case "linux_file_event":
		l.file(f)
	case "linux_network_connection":
		if err := l.connection(f); err != nil {
			t.Fatal(err)
		}
	default:
		l.single(f)
	}
	return l.Bytes()
}

// always are fields that every audit record they can come from has, and with
// them the forms that they can have.
var always = map[string]*regexp.Regexp{
	"type": regexp.MustCompile(`^[A-Za-z_0-9]+$`), "User": regexp.MustCompile(`.`), "LogonId": regexp.MustCompile(`^[0-9]+$`),
	"Initiated": regexp.MustCompile(`^true$`), "DestinationPort": regexp.MustCompile(`^[0-9]+$`),
}

// carried reports whether records can be what an event is: some of the events
// that rules must not match are without a field that no record is without.
func carried(v *vector, event map[string]any) bool {
	for _, c := range v.Cases {
		for name := range c.Event {
			if form := always[name]; form != nil && (event[name] == nil || !form.MatchString(fmt.Sprint(event[name]))) {
				return false
			}
		}
	}
	return true
}

// own are events for rules for which the vectors have none that matches.
var own = map[string]map[string]any{
	"file_event_lnx_exploit_cve_2025_32463.yml": {"TargetFilename": "/tmp/stage/etc/nsswitch.conf"},
}

// perRule is how many hits, and how many misses, of each rule are scanned. All
// that records can carry came out right when this was without a limit.
const perRule = 4

// TestPublicLinuxRulesFire writes, for every public rule on Linux, events that
// match it and events that nearly do as raw audit records, and scans them with
// the rule. Only rules that audit records cannot satisfy are left out.
func TestPublicLinuxRulesFire(t *testing.T) {
	rules := publicRules(t)
	byName := map[string]*vector{}
	for _, v := range vectors(t) {
		byName[v.Path[strings.LastIndexByte(v.Path, '/')+1:]] = &v
	}
	files, err := filepath.Glob(filepath.Join(rules, "linux_*", "*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name, folder := filepath.Base(file), filepath.Base(filepath.Dir(file))
		if notInAuditd[name] != "" || notInAuditd[folder] != "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			v, tried := byName[name], map[bool]int{}
			for _, c := range v.Cases {
				if tried[c.Match] == perRule || !carried(v, c.Event) {
					continue
				}
				tried[c.Match]++
				var want []string
				if c.Match {
					want = []string{v.Title}
				}
				log := render(t, folder, c.Event)
				if got := firedBy(t, file, log); !slices.Equal(got, want) {
					t.Errorf("%v fired %q, want %q:\n%s", c.Event, got, want, log)
				}
			}
			if e := own[name]; e != nil {
				if got := firedBy(t, file, render(t, folder, e)); !slices.Equal(got, []string{v.Title}) {
					t.Errorf("%v fired %q", e, got)
				}
			} else if tried[true] == 0 {
				t.Error("no event for it")
			}
		})
	}
}

// coverageFormats are the report formats that say what could not be seen.
var coverageFormats = []string{".json", ".html", ".txt", ".sarif", ".navigator.json"}

// namesRules checks that a report names rules with what they lack.
func namesRules(t *testing.T, file string, lacks map[string]string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for title, why := range lacks {
		at := bytes.Index(text, []byte(title))
		if at < 0 || !bytes.Contains(text[at:min(len(text), at+400)], []byte(why)) {
			t.Errorf("%s does not say of %q that it lacks %s", filepath.Base(file), title, why)
		}
	}
}

// TestPublicRulesThatCannotFire scans audit logs of Linux and of Kubernetes,
// which hold everything their rules need, with all public rules on them: those
// that nothing in such logs could satisfy are named with the reason, in every
// format that carries coverage, and no others.
func TestPublicRulesThatCannotFire(t *testing.T) {
	rules, dir := publicRules(t), t.TempDir()
	l := &auditLog{}
	l.process(fields{"ParentImage": "/bin/sh"})
	l.file(fields{"TargetFilename": "/x"})
	if err := l.connection(fields{}); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"EXECVE", "SERVICE_STOP", "TTY"} {
		l.single(fields{"type": kind})
	}
	const pods = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"a","stage":"ResponseComplete","verb":"get",` +
		`"requestURI":"/api/v1/pods","user":{"username":"u"},"objectRef":{"resource":"pods"},"requestReceivedTimestamp":"2026-03-10T10:00:00.000000Z"}` + "\n"
	for name, text := range map[string][]byte{"audit.log": l.Bytes(), "k8s.log": []byte(pods)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]string{}
	args := []string{"tideline", "scan", "--no-builtin", "--quiet"}
	for _, folder := range []string{"linux_*", "kubernetes_audit"} {
		files, err := filepath.Glob(filepath.Join(rules, folder, "*.yml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			args = append(args, "-r", f)
			if why := notInAuditd[filepath.Base(f)] + notInAuditd[filepath.Base(filepath.Dir(f))]; why != "" {
				want[titleOf(t, f)] = why
			}
		}
	}
	reports := t.TempDir()
	for _, ext := range coverageFormats {
		args = append(args, "-o", filepath.Join(reports, "cannot"+ext))
	}
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), append(args, dir), strings.NewReader(""), &stdout, &stderr); status != exitOK {
		t.Fatalf("exit status %d: %s", status, stderr.String())
	}
	for _, ext := range coverageFormats {
		namesRules(t, filepath.Join(reports, "cannot"+ext), want)
	}
	text, err := os.ReadFile(filepath.Join(reports, "cannot.json"))
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Coverage struct{ Rules []finding.RuleCoverage }
	}
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Coverage.Rules {
		if want[r.Title] == "" || !strings.Contains(r.Why, want[r.Title]) {
			t.Errorf("%s: %q, want something with %q", r.Title, r.Why, want[r.Title])
		}
		delete(want, r.Title)
	}
	for title, why := range want {
		t.Errorf("%s is not said to lack %s", title, why)
	}
}
