package formats

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tideline/parsers"
)

// A deedSink keeps of every event its format, who did what, and the command.
type deedSink struct{ events, gaps []string }

func (s *deedSink) Event(f *parsers.Format, ev *parsers.Event) error {
	x := &ev.Facts
	s.events = append(s.events, fmt.Sprintf("%s: %s %s %s %s %s $ %s", f.Name, x.Name, x.Action, x.Kind, x.Target, x.Outcome, x.Command))
	return nil
}

func (s *deedSink) Remark(r parsers.Remark) {
	if r.Gap {
		s.gaps = append(s.gaps, r.Code)
	}
}

// deeds reads a text as a source of its own.
func deeds(t *testing.T, text string) (events, gaps []string) {
	t.Helper()
	s := &deedSink{}
	a, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(text)}, parsers.ReadOptions{}, []parsers.Sink{s})
	if err != nil {
		t.Fatal(err)
	}
	if !a.Bytes.Balanced() {
		t.Errorf("%d bytes read, %+v", a.Bytes.Read, a.Bytes)
	}
	return s.events, s.gaps
}

// table is lines as the last column of a CSV export, with cells before it. all: all
// cells stand in quotes, and not those alone that must.
func table(t *testing.T, header []string, lines []string, separator rune, all bool, before ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = separator
	var err error
	if header != nil {
		err = w.Write(header)
	}
	for _, line := range lines {
		cells := append(slices.Clone(before), line)
		if !all {
			err = w.Write(cells)
			continue
		}
		for i, c := range cells {
			cells[i] = doubled(c)
		}
		w.Flush()
		b.WriteString(strings.Join(cells, string(separator)) + "\n")
	}
	if w.Flush(); err != nil || w.Error() != nil {
		t.Fatal(err, w.Error())
	}
	return b.String()
}

// lines are logs that are no JSON, of which tables and shippers have a line in a cell.
var lines = map[string][]string{
	"auditd": {
		`type=SYSCALL msg=audit(1740823200.123:42): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=1 ppid=1 pid=2 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm="docker" exe="/usr/bin/docker" key="k"`,
		`type=EXECVE msg=audit(1740823200.123:42): argc=3 a0="docker" a1="inspect" a2="web,1"`,
		`type=PROCTITLE msg=audit(1740823200.123:42): proctitle=646F636B657200696E7370656374`,
	},
	"dockerd": {
		`time="2025-03-01T10:00:00.123456789Z" level=debug msg="Calling GET /v1.41/containers/web/json"`,
		`time="2025-03-01T10:00:01.123456789Z" level=debug msg="handling GET request" method=GET module=api request-url="/v1.48/containers/web/logs?stdout=1" vars="map[name:web version:1.48]"`,
	},
	"docker-events": {
		`2025-03-01T10:00:00.123456789Z container exec_create: cat /x ` + aLongID + ` (execID=9a1, image=alpine:3, name=web)`,
		`2025-03-01T10:00:01.123456789Z container die ` + aLongID + ` (exitCode=1, image=alpine:3, name=web)`,
	},
	"container-log": {
		`2025-03-01T10:00:00.123456789Z stdout F kubectl get secrets, "all" of them`,
	},
}

// TestLinesInTables: a table doubles the quotes of the lines in it, and a line read with
// doubled quotes is one in which every value is empty.
func TestLinesInTables(t *testing.T) {
	for name, lines := range lines {
		want, gaps := deeds(t, strings.Join(lines, "\n")+"\n")
		if len(want) == 0 || gaps != nil {
			t.Fatalf("%s: %q, gaps %q", name, want, gaps)
		}
		prefixed := make([]string, len(lines))
		for i, line := range lines {
			prefixed[i] = "Mar  1 10:00:00 m1 dockerd[12]: " + line
		}
		tables := map[string]string{
			"a query for one column":       table(t, []string{"_raw"}, lines, ',', false),
			"one column of a common name":  table(t, []string{"message"}, lines, ',', true),
			"Log Analytics":                table(t, []string{"TimeGenerated", "Computer", "SyslogMessage"}, lines, ',', false, "2025-03-01T10:00:00Z", "m1"),
			"a column that may be another": table(t, []string{"id", "event"}, lines, ',', true, "1"),
			"semicolons":                   table(t, []string{"id", "host", "message"}, lines, ';', false, "1", "m1"),
			"tabs":                         table(t, []string{"id", "host", "message"}, lines, '\t', false, "1", "m1"),
		}
		if name == "auditd" || name == "dockerd" {
			tables["no header"] = table(t, nil, lines, ',', false, "1", "m1")
			tables["no header, one column"] = table(t, nil, lines, ',', true)
			tables["no header, tabs"] = table(t, nil, lines, '\t', true, "1")
			tables["no header, syslog"] = table(t, nil, prefixed, ',', true)
		}
		if name == "auditd" { // whose events are of many lines
			one := []string{strings.Join(lines, "\n")}
			tables["no header, all in one cell"] = table(t, nil, one, ',', false, "1", "m1")
			tables["no header, all in one cell, tabs"] = table(t, nil, one, '\t', true, "1")
		}
		for how, in := range tables {
			if got, gaps := deeds(t, in); !slices.Equal(got, want) || gaps != nil {
				t.Errorf("%s, %s:\n got %q, gaps %q\nwant %q\n%s", name, how, got, gaps, want, in)
			}
		}
	}
}

// TestLinesOfShippers: the line of a log that is no JSON is in the objects of a shipper
// under names that they give lines; grep and compose put words before it.
func TestLinesOfShippers(t *testing.T) {
	for name, lines := range lines {
		want, _ := deeds(t, strings.Join(lines, "\n")+"\n")
		for how, format := range map[string]string{
			"Vector":            `{"file":"/x","host":"m1","message":QUOTED,"source_type":"file","timestamp":"2025-03-01T10:00:00Z"}`,
			"Fluent Bit":        `{"date":1740823200.1,"log":QUOTED}`,
			"GELF":              `{"version":"1.1","host":"m1","short_message":QUOTED,"timestamp":1740823200.1}`,
			"Cloud Logging":     `{"insertId":"x","textPayload":QUOTED,"resource":{"type":"gce_instance"},"timestamp":"2025-03-01T10:00:00Z"}`,
			"a topic of Kafka":  `{"topic":"t","partition":0,"offset":1,"payload":QUOTED}`,
			"Splunk, by HTTP":   `{"time":1740823200.1,"host":"m1","event":QUOTED}`,
			"grep of files":     "/var/log/a.log:LINE",
			"grep with numbers": "12:LINE",
			"grep with both":    "a.log:12:LINE",
			"compose":           "web-1  | LINE",
		} {
			if name == "container-log" && how == "compose" { // says what container it is
				continue
			}
			var in strings.Builder
			for _, line := range lines {
				quoted, err := json.Marshal(line)
				if err != nil {
					t.Fatal(err)
				}
				in.WriteString(strings.NewReplacer("QUOTED", string(quoted), "LINE", line).Replace(format) + "\n")
			}
			if got, gaps := deeds(t, in.String()); !slices.Equal(got, want) || gaps != nil {
				t.Errorf("%s, %s:\n got %q, gaps %q\nwant %q", name, how, got, gaps, want)
			}
		}
	}
}

// TestRecordsByKey: an index of events is one object of which every member is one.
func TestRecordsByKey(t *testing.T) {
	want, _ := deeds(t, variantEvent+"\n")
	second := strings.NewReplacer(`"auditID":"5b0d0001`, `"auditID":"5b0d0002`).Replace(variantEvent)
	if second == variantEvent {
		t.Fatal("the two events are one")
	}
	for how, in := range map[string]string{
		"by id":      `{"a":` + variantEvent + `,"b":` + second + `}`,
		"wrapped":    `{"a":{"message":` + quoted(t, variantEvent) + `},"b":{"message":` + quoted(t, second) + `}}`,
		"as texts":   `{"a":` + quoted(t, variantEvent) + `,"b":` + quoted(t, second) + `}`,
		"two pages":  `{"a":[` + variantEvent + `],"b":[` + second + `]}`,
		"told twice": `{"a":` + variantEvent + `,"x":` + quoted(t, variantEvent) + `,"b":` + second + `}`,
		"with words": `{"count":2,"a":` + variantEvent + `,"b":` + second + `,"next":null}`,
	} {
		if got, gaps := deeds(t, in+"\n"); !slices.Equal(got, append(slices.Clone(want), want...)) || gaps != nil {
			t.Errorf("%s: %q, gaps %q", how, got, gaps)
		}
	}
	if got, _ := deeds(t, `{"full_log":`+quoted(t, variantEvent)+`,"data":`+variantEvent+"}\n"); !slices.Equal(got, want) {
		t.Errorf("an event that is told twice in one record: %q", got)
	}
}

// TestLinesSpelledInAnotherWay: what prints, logs or exports lines of auditd may colour
// them or write their quotes in a way of its own. With those left in, the values of a
// record are others than the kernel wrote.
func TestLinesSpelledInAnotherWay(t *testing.T) {
	want, _ := deeds(t, strings.Join(lines["auditd"], "\n")+"\n")
	slashes := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	for how, spell := range map[string]func(line string) string{
		"colours":        func(s string) string { return "\x1b[1;31m" + s + "\x1b[0m" },
		"colours within": func(s string) string { return "\x1b[32m" + strings.Replace(s, "msg=", "\x1b[0mmsg=\x1b[K", 1) },
		"logfmt": func(s string) string {
			return `ts=2025-03-01T10:00:00Z level=info msg="` + slashes.Replace(s) + `" n=1`
		},
		"a logger's field": func(s string) string { return "2025-03-01T10:00:00Z\tINFO\t\"" + slashes.Replace(s) + `"` },
		"YAML":             func(s string) string { return `- message: "` + slashes.Replace(s) + `"` },
		"a blob of JSON": func(s string) string {
			return `["LINUX_AUDITD_BLOB",["TIMESTAMP",{"RecordText":"` + slashes.Replace(s) + `"}]]`
		},
		"XML": func(s string) string { return "<event>" + strings.ReplaceAll(s, `"`, "&quot;") + "</event>" },
	} {
		var in strings.Builder
		for _, line := range lines["auditd"] {
			in.WriteString(spell(line) + "\n")
		}
		if got, gaps := deeds(t, in.String()); !slices.Equal(got, want) || gaps != nil {
			t.Errorf("%s:\n got %q, gaps %q\nwant %q\n%s", how, got, gaps, want, in.String())
		}
	}
	if got, _ := deeds(t, "CEF:0|Linux|auditd|1|x|x|1|rawEvent="+strings.ReplaceAll(lines["auditd"][0], "=", `\=`)+"\n"); got != nil {
		t.Errorf("CEF is read as it stands: %q", got)
	}
}

// TestTablesByColumn: a table may be there column by column, or its rows in arrays that
// hold nothing else; of all cells only those with records are looked into.
func TestTablesByColumn(t *testing.T) {
	second := strings.ReplaceAll(variantEvent, "5b0d0001", "5b0d0002")
	for name, lines := range map[string][]string{"auditd": lines["auditd"], "kubernetes-audit": {variantEvent, second}} {
		want, _ := deeds(t, strings.Join(lines, "\n")+"\n")
		var quotes, singles []string
		for _, line := range lines {
			quotes = append(quotes, quoted(t, line))
			singles = append(singles, "["+quoted(t, line)+"]")
		}
		all := strings.Join(quotes, ",")
		for how, in := range map[string]string{
			"Splunk's json_cols":        `{"preview":false,"init_offset":0,"fields":["_time","host","_raw"],"columns":[["1","2","3"],["m1","m1","m1"],[` + all + `]]}`,
			"Kusto's first API":         `{"Tables":[{"TableName":"T","Columns":[{"ColumnName":"RawData","DataType":"String"}],"Rows":[` + strings.Join(singles, ",") + `]}]}`,
			"arrays in arrays":          `{"data":{"pages":[[[` + all + `]],[["x"]]]}}`,
			"arrays in arrays, at once": `[[[` + all + `]]]`,
		} {
			if got, gaps := deeds(t, in+"\n"); !slices.Equal(got, want) || gaps != nil {
				t.Errorf("%s, %s:\n got %q, gaps %q\nwant %q", name, how, got, gaps, want)
			}
		}
	}
}
