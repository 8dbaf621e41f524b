package auditd

import (
	"strings"
	"testing"

	"tideline/parsers/parsertest"
)

// Dates of "ausearch -i" in several locales; the zone is not told.
func TestLocalDates(t *testing.T) {
	for date, want := range map[string]string{
		"03/01/2025": "2025-03-01", "03/01/25": "2025-03-01", "01.03.2025": "2025-03-01", "2025-03-01": "2025-03-01",
		"28/02/2025": "2025-02-28", "28/02/25": "2025-02-28", "2025年03月01日": "2025-03-01", "2025/03/01": "2025-03-01", "28-02-2025": "2025-02-28",
	} {
		events, codes := decodeText(t, `type=CWD msg=audit(`+date+` 10:00:00.123:42) : cwd=/ `)
		if len(events) != 1 || !strings.HasPrefix(events[0], want+"T10:00:00.123Z ") || strings.Join(codes, " ") != "audit.local_time" {
			t.Errorf("%s: %q, %q", date, events, codes)
		}
	}
	// From the first date on that tells, the day is first.
	events, _ := decodeText(t, strings.Join([]string{
		`type=CWD msg=audit(28/02/2025 10:00:00.123:42) : cwd=/ `, `type=CWD msg=audit(01/03/2025 10:00:00.123:43) : cwd=/ `,
	}, "\n"))
	if len(events) != 2 || !strings.HasPrefix(events[1], "2025-03-01T10:00:00.123Z") {
		t.Errorf("%q", events)
	}
	// What is no date is none.
	if h, ok := parseHeader([]byte(`type=CWD msg=audit(99/99/2025 10:00:00.123:42) : cwd=/`), &stampMemo{}); !ok || h.stamp.has != hasSerial || h.local {
		t.Errorf("%+v, %t", h, ok)
	}
}

// What grep puts between lines is a separator among records, and nothing before them.
func TestGrepSeparator(t *testing.T) {
	const cwd = `audit.log:type=CWD msg=audit(1.5:9): cwd="/"`
	if events, codes := decodeText(t, cwd+"\n--\n"+cwd); len(events) != 1 || strings.Join(codes, " ") != "audit.separator" {
		t.Errorf("%q, %q", events, codes)
	}
	if _, codes := decodeText(t, "--\n"+cwd); strings.Join(codes, " ") == "audit.separator" {
		t.Errorf("%q", codes)
	}
}

// TestClosers: what closes that in which a record stands is of no value.
func TestClosers(t *testing.T) {
	sys := `type=SYSCALL msg=audit(1740823200.123:7): arch=c000003e syscall=42 success=yes exit=0 pid=2 uid=0 exe="/x" key="a"`
	sock := `type=SOCKADDR msg=audit(1740823200.123:7): saddr=01002F72756E2F646F636B65722E736F636B00`
	for name, around := range map[string][2]string{
		"alone":        {"", ""},
		"a statement":  {"INSERT INTO t VALUES (1, '", "');"},
		"a row of one": {"(1,'", "'),"},
		"a literal":    {"'", "'"},
		"XML":          {`<line n="1">`, "</line>"},
		"a priority":   {"<134>", ""},
	} {
		text := around[0] + sys + around[1] + "\n" + around[0] + sock + around[1] + "\n"
		events, err := parsertest.Lines(t, Format, text, "sock.path", "saddr")
		if err != nil || len(events) != 1 || !strings.Contains(events[0], "sock.path=/run/docker.sock") || strings.Contains(events[0], "00'") || strings.Contains(events[0], "00<") {
			t.Errorf("%s: %v %q", name, err, events)
		}
	}
}
