package formats

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/parsers/internal/journaltest"
)

// journalEntries are of all the programs whose entries are read, and of one
// that is not.
func journalEntries() []journaltest.Entry {
	at := uint64(1772359200000000)
	entry := func(fields ...string) journaltest.Entry {
		at += 1000000
		return journaltest.Entry{Time: at, Fields: append(fields, "_HOSTNAME=node1")}
	}
	return []journaltest.Entry{
		entry("SYSLOG_IDENTIFIER=sshd", "MESSAGE=Accepted publickey for bob"),
		entry("SYSLOG_IDENTIFIER=dockerd", `MESSAGE=time="2026-03-01T10:00:02.5Z" level=debug msg="Calling GET /v1.41/containers/json"`),
		entry("SYSLOG_IDENTIFIER=podman", "PODMAN_EVENT=exec", "PODMAN_TYPE=container",
			"MESSAGE=2026-03-01 10:00:03.5 +0000 UTC m=+0.1 container exec 0011223344556677889900112233445566778899001122334455667788990011 (image=alpine, name=web)"),
		entry("_TRANSPORT=audit", "_AUDIT_TYPE=1300", "_AUDIT_TYPE_NAME=SYSCALL", "_AUDIT_ID=77", "_SOURCE_REALTIME_TIMESTAMP=1772359204000000",
			`MESSAGE=SYSCALL arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=2 auid=1000 uid=0 comm="cat" exe="/usr/bin/cat" key="x"`),
		entry("_TRANSPORT=audit", "_AUDIT_TYPE=1309", "_AUDIT_TYPE_NAME=EXECVE", "_AUDIT_ID=77", "_SOURCE_REALTIME_TIMESTAMP=1772359204000000",
			`MESSAGE=EXECVE argc=2 a0="cat" a1="/etc/shadow"`),
		entry("CONTAINER_NAME=web", "CONTAINER_ID_FULL=0011223344556677889900112233445566778899001122334455667788990011", "SYSLOG_IDENTIFIER=0011", "MESSAGE=GET /login 200"),
		entry("SYSLOG_IDENTIFIER=kube-apiserver", `MESSAGE={"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a1","stage":"ResponseComplete","requestURI":"/api/v1/secrets","verb":"list","user":{"username":"alice"},"requestReceivedTimestamp":"2026-03-01T10:00:07.000000Z","stageTimestamp":"2026-03-01T10:00:07.100000Z"}`),
	}
}

// seen is a sink that names what it is given.
type seen struct {
	tally
	events, gaps []string
	places       []parsers.Pos
}

func (s *seen) Event(f *parsers.Format, ev *parsers.Event) error {
	s.events = append(s.events, fmt.Sprintf("%s %s %d %s", f.Name, ev.Origin.Host, ev.Pos[0].Line, ev.Time.Format("15:04:05.999")))
	s.places = append(s.places, ev.Pos...)
	return nil
}

func (s *seen) Remark(r parsers.Remark) {
	if r.Gap {
		s.gaps = append(s.gaps, r.Code)
	}
	s.tally.Remark(r)
}

func readJournal(t *testing.T, b []byte) (*seen, parsers.Account) {
	t.Helper()
	pad := &seen{}
	a, err := NewReader().Read(context.Background(), parsers.Stream{Path: "system.journal", Reader: bytes.NewReader(b)}, parsers.ReadOptions{}, []parsers.Sink{pad})
	if err != nil {
		t.Fatal(err)
	}
	if !a.Bytes.Balanced() || a.Bytes.Read != int64(len(b)) {
		t.Errorf("%d bytes, account %+v", len(b), a.Bytes)
	}
	return pad, a
}

func TestJournal(t *testing.T) {
	for _, compact := range []bool{false, true} {
		b, _ := journaltest.Write(journaltest.Options{Compact: compact, Reserve: 5000}, journalEntries()...)
		pad, a := readJournal(t, b)
		want := []string{
			"dockerd node1 2 10:00:02.5", "docker-events node1 3 10:00:03.5", "auditd node1 4 10:00:04",
			"container-log node1 6 10:00:06", "kubernetes-audit node1 7 10:00:07",
		}
		slices.Sort(pad.events)
		slices.Sort(want)
		if !slices.Equal(pad.events, want) {
			t.Errorf("events\n%s\nwant\n%s", strings.Join(pad.events, "\n"), strings.Join(want, "\n"))
		}
		if a.Envelope != "systemd-journal" || a.Records != 7 || a.Recognised != 6 || len(pad.gaps) > 0 {
			t.Errorf("account %+v, gaps %v", a, pad.gaps)
		}
	}
}

// TestJournalFixture keeps the journal that the tests of the command read what
// is written here. UPDATE_GOLDEN=1 rewrites it.
func TestJournalFixture(t *testing.T) {
	const path = "../../cmd/tideline/testdata/small.journal"
	b, _ := journaltest.Write(journaltest.Options{Compact: true, Reserve: 64}, journalEntries()...)
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(path); err != nil || !bytes.Equal(have, b) {
		t.Errorf("%s is not what is written here (%v): run with UPDATE_GOLDEN=1", path, err)
	}
}

// TestSeveralMessages: a program may send as many as it likes, and text or not.
func TestSeveralMessages(t *testing.T) {
	trace := `MESSAGE=time="2026-03-01T10:00:02.5Z" level=debug msg="Calling GET /v1.41/containers/json"`
	b, _ := journaltest.Write(journaltest.Options{}, journaltest.Entry{Time: 1, Fields: []string{"SYSLOG_IDENTIFIER=dockerd", "MESSAGE=harmless", trace, "MESSAGE=\xff\x00"}},
		journaltest.Entry{Time: 2, Fields: []string{"SYSLOG_IDENTIFIER=dockerd", trace + "\xff"}})
	if pad, a := readJournal(t, b); a.Events != 2 {
		t.Errorf("%d events: %v, gaps %v", a.Events, pad.events, pad.gaps)
	}
}

// TestJournalOfOthers: a whole journal in which nobody speaks whom we know is
// an unrecognised file; a damaged one is a gap all the same.
func TestJournalOfOthers(t *testing.T) {
	b, objects := journaltest.Write(journaltest.Options{}, journalEntries()[:1]...)
	pad, a := readJournal(t, b)
	if a.Looks != "systemd journal" || len(pad.gaps) > 0 {
		t.Errorf("%+v, gaps %v", a, pad.gaps)
	}
	clear(b[objects[len(objects)-2].Off:])
	if pad, _ := readJournal(t, b); !slices.Contains(pad.gaps, "journal.damaged") {
		t.Errorf("gaps %v", pad.gaps)
	}
}

// TestJournalOnManyLanes: lanes share a journal whose entries stand for themselves, as
// audit events do that an API server prints, and get between them what one gets.
func TestJournalOnManyLanes(t *testing.T) {
	var entries []journaltest.Entry
	var export strings.Builder
	for i := range 12000 {
		at := 1772359200000000 + i
		event := fmt.Sprintf(`MESSAGE={"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a%d","stage":"ResponseComplete","requestURI":"/api/v1/secrets","verb":"list","user":{"username":"alice"},"requestReceivedTimestamp":"2026-03-01T10:00:07.%06dZ"}`, i, i)
		entries = append(entries, journaltest.Entry{Time: uint64(at), Fields: []string{"SYSLOG_IDENTIFIER=k3s", "_HOSTNAME=h", event}})
		fmt.Fprintf(&export, "__CURSOR=s=1;i=%x\n__REALTIME_TIMESTAMP=%d\n_HOSTNAME=h\nSYSLOG_IDENTIFIER=k3s\n%s\n\n", i, at, event)
	}
	binary, _ := journaltest.Write(journaltest.Options{}, entries...)
	for name, b := range map[string][]byte{"binary": binary, "exported": []byte(export.String())} {
		want, one := readJournal(t, b)
		pads := []*seen{{}, {}, {}}
		many, err := NewReader().Read(context.Background(), parsers.Stream{Path: "j", Reader: bytes.NewReader(b)}, parsers.ReadOptions{}, meet(pads[0], pads[1], pads[2]))
		if err != nil || fmt.Sprint(one) != fmt.Sprint(many) || one.Events != 12000 {
			t.Errorf("%s: %v: one lane %+v, three %+v", name, err, one, many)
		}
		got := slices.Concat(pads[0].events, pads[1].events, pads[2].events)
		slices.Sort(got)
		slices.Sort(want.events)
		if !slices.Equal(got, want.events) {
			t.Errorf("%s: %d events, of one lane %d, and not the same", name, len(got), len(want.events))
		}
	}
}

// TestOtherEntriesOfAJournalInJSON: what programs wrote of which no logs are read is a
// note in what journalctl printed, as it is in the journal; what others wrote is a gap.
func TestOtherEntriesOfAJournalInJSON(t *testing.T) {
	entry := func(fields string) string {
		return `{"__REALTIME_TIMESTAMP":"1740823200000000","_HOSTNAME":"n1",` + fields + "}\n"
	}
	known := entry(`"SYSLOG_IDENTIFIER":"dockerd","MESSAGE":"time=\"2025-03-01T10:00:00Z\" level=debug msg=\"Calling GET /v1.47/info\""`)
	for fields, want := range map[string]string{
		`"SYSLOG_IDENTIFIER":"cron","MESSAGE":"session opened"`:                          "journal.other false",
		`"_COMM":"sshd","MESSAGE":[1,2,3]`:                                               "journal.other false",
		`"MESSAGE":"words","SYSLOG_IDENTIFIER":"kube-apiserver"`:                         "line.unknown true",
		`"SYSLOG_IDENTIFIER":"cron","PRIORITY":"6"`:                                      "line.unknown true",
		`"SYSLOG_IDENTIFIER":"cron","MESSAGE":"x","CONTAINER_ID_FULL":"` + aLongID + `"`: "",
	} {
		list, s := remarks(t, known+entry(fields)+known)
		got := ""
		for _, r := range s.remarks {
			if r.Code != "env.unwrapped" {
				got = fmt.Sprint(r.Code, " ", r.Gap)
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", fields, list, want)
		}
	}
}

// TestExportAsItWasKept: PowerShell keeps what a program prints in UTF-16 or behind a byte
// order mark, and with line ends of its own. Entries, places and the account hold.
func TestExportAsItWasKept(t *testing.T) {
	export := "__CURSOR=s=1;i=1\n__REALTIME_TIMESTAMP=1772359200000000\n_HOSTNAME=h\u00e9\nSYSLOG_IDENTIFIER=sshd\nMESSAGE=Accepted\n\n"
	for i := range 2 {
		export += fmt.Sprintf("__CURSOR=s=1;i=%d\n__REALTIME_TIMESTAMP=177235920%d000000\n_HOSTNAME=h\u00e9\nSYSLOG_IDENTIFIER=k3s\nMESSAGE=%s\n\n", i+2, i,
			`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a","stage":"ResponseComplete","requestURI":"/api/v1/secrets","verb":"list","user":{"username":"x"},"requestReceivedTimestamp":"2026-03-01T10:00:07.000000Z"}`)
	}
	windows := strings.ReplaceAll(export, "\n", "\r\n")
	want, _ := readJournal(t, []byte(export))
	if len(want.events) != 2 {
		t.Fatalf("as it was printed: %q", want.events)
	}
	for name, text := range map[string]string{
		"bom": "\xef\xbb\xbf" + export, "crlf": windows, "blank lines first": "\r\n" + windows, "bom, crlf": "\xef\xbb\xbf" + windows,
		"utf-16": wide(export), "utf-16, crlf": wide(windows), "utf-16, half a character": wide(export) + "x",
	} {
		got, a := readJournal(t, []byte(text))
		if len(got.events) != 2 || len(got.gaps) > 0 || a.Bytes.Gaps != 0 {
			t.Errorf("%s: %q, gaps %q, %+v", name, got.events, got.gaps, a.Bytes)
		}
		if !strings.HasPrefix(text, "\xff\xfe") {
			for _, pos := range got.places {
				if !strings.HasPrefix(text[pos.Offset:], "__CURSOR=") {
					t.Errorf("%s: an event is said to be at %d, where %.20q stands", name, pos.Offset, text[pos.Offset:])
				}
			}
		}
	}
	// What only looks like a journal's magic is text, and all of it is accounted for.
	if got, a := readJournal(t, []byte(wide("LPKSHHRH and so on\n"))); len(got.events) != 0 || a.Bytes.Notes != a.Bytes.Read {
		t.Errorf("UTF-16 that begins like a journal: %+v", a)
	}
}
