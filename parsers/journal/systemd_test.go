package journal

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"tideline/parsers/internal/frame"
)

// remote finds systemd's own writer of journals, and journalctl, or skips.
func remote(t *testing.T) string {
	if _, err := exec.LookPath("journalctl"); err != nil {
		t.Skip("there is no journalctl here")
	}
	for _, path := range []string{os.Getenv("TIDELINE_JOURNAL_REMOTE"), "/lib/systemd/systemd-journal-remote", "/usr/lib/systemd/systemd-journal-remote"} {
		if _, err := os.Stat(path); err == nil && path != "" {
			return path
		}
	}
	t.Skip("there is no systemd-journal-remote here")
	return ""
}

// exported are entries in the Journal Export Format.
func exported() []byte {
	var b bytes.Buffer
	for i := range 300 {
		fmt.Fprintf(&b, "__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n_BOOT_ID=11111111111111111111111111111111\n", 1772359200000000+i*1000, 1000+i)
		fmt.Fprintf(&b, "_HOSTNAME=h\nSYSLOG_IDENTIFIER=prog%d\n_PID=%d\n", i%7, i%13)
		text := fmt.Sprintf("number %d %s", i, strings.Repeat("compressible ", i%120))
		switch i % 10 {
		case 3: // with a newline
			text += "\nsecond line"
		case 4: // not UTF-8
			text += "\xff\xfe\x00"
		case 5:
			b.WriteString("TAG=one\nTAG=two\nEMPTY=\n")
		}
		b.WriteString("MESSAGE\n")
		b.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(text))))
		b.WriteString(text + "\n\n")
	}
	return b.Bytes()
}

// TestAgainstSystemd has systemd write journals in each of its ways, and
// compares what is read of them with what journalctl prints.
func TestAgainstSystemd(t *testing.T) {
	writer := remote(t)
	for _, compact := range []string{"0", "1"} {
		for _, method := range []string{"NONE", "XZ", "LZ4", "ZSTD"} {
			t.Run(method+"/compact="+compact, func(t *testing.T) {
				dir := t.TempDir()
				in, out := filepath.Join(dir, "in.export"), filepath.Join(dir, "out.journal")
				if err := os.WriteFile(in, exported(), 0o600); err != nil {
					t.Fatal(err)
				}
				args := []string{"-o", out, in}
				if method == "NONE" {
					args = append([]string{"--compress=no"}, args...)
				}
				cmd := exec.Command(writer, args...)
				cmd.Env = append(os.Environ(), "SYSTEMD_JOURNAL_COMPACT="+compact, "SYSTEMD_JOURNAL_COMPRESS="+method)
				if said, err := cmd.CombinedOutput(); err != nil {
					t.Skipf("%s does not run: %v: %s", writer, err, said)
				}
				compare(t, out)
			})
		}
	}
}

func compare(t *testing.T, path string) {
	printed, err := exec.Command("journalctl", "--file", path, "-o", "json", "--all", "--no-pager").Output()
	if err != nil {
		t.Skipf("journalctl: %v", err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	h := parseHeader(b)
	t.Logf("flags %#x, %d bytes", h.flags, len(b))
	var got []map[string]any
	for _, p := range pieces(t, b, Options{}) {
		if p.Kind == frame.Gap || p.Lost {
			t.Errorf("%s: %s", p.Code, p.Reason)
		}
		if p.Kind == frame.Record {
			got = append(got, decoded(t, p.Record.Data))
		}
	}
	lines := bytes.Split(bytes.TrimSpace(printed), []byte("\n"))
	if len(lines) != len(got) {
		t.Fatalf("%d entries, journalctl has %d", len(got), len(lines))
	}
	for i, line := range lines {
		want := decoded(t, line)
		delete(want, "__SEQNUM") // newer versions repeat what is in the cursor
		delete(want, "__SEQNUM_ID")
		if !reflect.DeepEqual(got[i], want) {
			t.Fatalf("entry %d\n got %.600v\nwant %.600v", i, got[i], want)
		}
	}
}

func decoded(t *testing.T, line []byte) map[string]any {
	var m map[string]any
	if err := json.Unmarshal(line, &m); err != nil {
		t.Fatal(err)
	}
	return m
}
