package auditd

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

// corpusLogs are the audit logs of the corpus, by path.
func corpusLogs(t *testing.T) map[string][]byte {
	t.Helper()
	root := filepath.Join(parsertest.Corpus(t), "auditd")
	logs := map[string][]byte{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".log") {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(root, path)
		logs[rel] = data
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return logs
}

// foreignLine recognises the lines of the corpus that are no audit records.
func foreignLine(line string) bool {
	return strings.HasPrefix(line, "#") || // a comment of whoever collected it
		strings.HasPrefix(line, "[") || // a record in JSON, which is an envelope's
		strings.Contains(line, "msg=audit") == false // an empty field of another format
}

func TestCorpusIsReadInFull(t *testing.T) {
	for name, data := range corpusLogs(t) {
		dec := newDecoder(optionsFor("type", "argv", "path"))
		records, events, lines := 0, 0, 0
		emit := func(ev *parsers.Event) error {
			events++
			records += len(ev.Raw)
			for _, v := range ev.Views {
				v.Fields.Keywords(nil)
			}
			return nil
		}
		for line := range bytes.SplitSeq(data, []byte("\n")) {
			line = bytes.Trim(line, "\r\x00 ")
			if len(line) == 0 {
				continue
			}
			err := dec.Decode(&parsers.Record{Data: line, Raw: line}, emit)
			e, note := err.(*parsers.RecordError)
			switch {
			case err == parsers.ErrForeign:
				if !foreignLine(string(line)) {
					t.Errorf("%s: refused %.120q", name, line)
				}
				continue
			case note && !e.Note:
				t.Errorf("%s: %v: %.120q", name, err, line)
			case err != nil && !note:
				t.Fatal(err)
			}
			lines++
		}
		if err := dec.Flush(emit); err != nil && !strings.Contains(err.Error(), "audit.") {
			t.Fatal(err)
		}
		if records != lines || (lines > 0 && events == 0) {
			t.Errorf("%s: %d lines, %d records in %d events", name, lines, records, events)
		}
		if lines > 0 && sniff(data[:min(len(data), parsers.SniffLen)], name).Confidence == parsers.No {
			t.Errorf("%s: not recognised", name)
		}
	}
}

// A libauditMessage is one message of go-libaudit's expected parses.
type libauditMessage struct {
	Type string            `json:"record_type"`
	Seq  uint64            `json:"sequence"`
	Raw  string            `json:"raw_msg"`
	Data map[string]string `json:"data"`
	Err  string            `json:"error"`
}

// differences are the fields whose values go-libaudit gives in words of its
// own, and why ours are not the same.
var differences = map[string]string{
	"arch":     "named there; ARCH is the name here",
	"syscall":  "named there; both number and name here",
	"exit":     "the error's name there; the number here, both in the event's view",
	"result":   "res or success, renamed",
	"auid":     "unset there for 4294967295; AUID is that here",
	"old-auid": "as auid",
	"new_auid": "auid here, as in later kernels: \"new auid=0\"",
	"ses":      "as auid",
	"family":   "made of saddr; sock.family here, compared below",
	"addr":     "made of saddr; sock.ip here, compared below. Of user-space records it is compared",
	"port":     "made of saddr; sock.port here, compared below",
	"path":     "made of saddr; sock.path here, compared below. Of other records it is compared",
	"seperms":  "taken out of the words of an AVC, which keywords search here",
	"seresult": "as seperms",
	"sig":      "named there",
}

func explained(kind, field string) bool {
	for _, prefix := range []string{"subj_", "obj_", "scontext_", "tcontext_"} {
		if strings.HasPrefix(field, prefix) {
			return true // parts of a label, which is one value here
		}
	}
	if field == "addr" || field == "path" {
		return kind == "sockaddr"
	}
	return differences[field] != ""
}

func TestAgreesWithGoLibaudit(t *testing.T) {
	dir := filepath.Join(parsertest.Corpus(t), "auditd-derived", "elastic+go-libaudit", "auparse", "testdata")
	files, _ := filepath.Glob(filepath.Join(dir, "*.golden"))
	if len(files) == 0 {
		t.Skip("no expected parses")
	}
	compared := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var messages []libauditMessage
		if err := json.Unmarshal(text, &messages); err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			compared += compareMessage(t, filepath.Base(file), m)
		}
	}
	if compared < 500 {
		t.Errorf("only %d values were compared", compared)
	}
	t.Logf("%d values agree", compared)
}

func compareMessage(t *testing.T, file string, m libauditMessage) (compared int) {
	t.Helper()
	if m.Err != "" || m.Raw == "" {
		return 0 // not a record that it could read
	}
	var fields []string
	for f := range m.Data {
		if !explained(m.Type, f) {
			fields = append(fields, f)
		}
	}
	got := values(t, "type="+strings.ToUpper(m.Type)+" msg="+m.Raw, "auditd", fields...)
	if m.Type == "sockaddr" {
		compareSocket(t, m)
	}
	for i, f := range fields {
		want := strings.TrimSpace(m.Data[f])
		ok := false
		for _, v := range append(strings.Split(got[i], "|"), got[i]) {
			ok = ok || strings.TrimSpace(v) == want
		}
		if ok {
			compared++
			continue
		}
		t.Errorf("%s %s %d: %s is %q, want %q\n%s", file, m.Type, m.Seq, f, got[i], want, m.Raw)
	}
	return compared
}

// compareSocket compares the parts of an address.
func compareSocket(t *testing.T, m libauditMessage) {
	t.Helper()
	got := values(t, "type=SOCKADDR msg="+m.Raw, "auditd_event", "sock.family", "sock.ip", "sock.port", "sock.path")
	family := map[string]string{"ipv4": "inet", "ipv6": "inet6"}[m.Data["family"]]
	if family == "" {
		family = m.Data["family"]
	}
	want := []string{family, m.Data["addr"], m.Data["port"], m.Data["path"]}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("sockaddr %d: %q, want %q", m.Seq, got, want)
	}
}
