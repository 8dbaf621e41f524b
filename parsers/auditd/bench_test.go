package auditd

import (
	"bytes"
	"fmt"
	"testing"

	"tideline/parsers"
)

// execLog is n events of starting a program, as auditd writes them.
func execLog(n int, enriched bool) []byte {
	var b bytes.Buffer
	tail := func(s string) string {
		if enriched {
			return "\x1d" + s
		}
		return ""
	}
	for i := range n {
		id := fmt.Sprintf("msg=audit(%d.%03d:%d): ", 1740823200+i/50, i%1000, 1000+i)
		fmt.Fprintf(&b, "type=SYSCALL %sarch=c000003e syscall=59 success=yes exit=0 a0=55d782c96198 a1=55d782c96120 a2=55d782c96158 a3=1 items=2 ppid=%d pid=%d auid=1001 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=842 comm=\"logger\" exe=\"/usr/bin/logger\" subj=unconfined key=\"exec\"%s\n",
			id, 2000+i%700, 5000+i%9000, tail(`ARCH=x86_64 SYSCALL=execve AUID="ops" UID="root" GID="root" EUID="root" SUID="root" FSUID="root" EGID="root" SGID="root" FSGID="root"`))
		fmt.Fprintf(&b, "type=EXECVE %sargc=6 a0=\"logger\" a1=\"-t\" a2=\"zfs-backup\" a3=\"-p\" a4=\"daemon.err\" a5=7A667320696E6372656D656E74616C206261636B7570\n", id)
		fmt.Fprintf(&b, "type=CWD %scwd=\"/\"\n", id)
		fmt.Fprintf(&b, "type=PATH %sitem=0 name=\"/usr/bin/logger\" inode=312545 dev=00:13 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0%s\n", id, tail(`OUID="root" OGID="root"`))
		fmt.Fprintf(&b, "type=PATH %sitem=1 name=\"/lib64/ld-linux-x86-64.so.2\" inode=370637 dev=00:13 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0%s\n", id, tail(`OUID="root" OGID="root"`))
		fmt.Fprintf(&b, "type=PROCTITLE %sproctitle=6C6F67676572002D74007A66732D6261636B7570002D70006461656D6F6E2E657272\n", id)
	}
	return b.Bytes()
}

// decodeAll runs a decoder over lines and counts events.
func decodeAll(tb testing.TB, dec parsers.Decoder, data []byte, emit func(*parsers.Event) error) {
	tb.Helper()
	rec := parsers.Record{}
	for len(data) > 0 {
		i := bytes.IndexByte(data, '\n')
		rec.Data, rec.Raw = data[:i], data[:i]
		if err := dec.Decode(&rec, emit); err != nil {
			tb.Fatal(err)
		}
		data = data[i+1:]
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, c := range []struct {
		name     string
		enriched bool
		fields   []string
	}{
		{"raw/no fields", false, nil},
		{"raw/rules", false, []string{"type", "exe", "a0", "a1", "name", "Image", "CommandLine", "cli.tool", "cli.verb", "path", "SYSCALL", "key"}},
		{"enriched/no fields", true, nil},
	} {
		b.Run(c.name, func(b *testing.B) {
			data := execLog(10000, c.enriched)
			var dst [][]byte
			emit := func(ev *parsers.Event) error {
				for _, v := range ev.Views {
					for i := range c.fields {
						dst = v.Fields.Values(dst[:0], i)
					}
				}
				return nil
			}
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				dec := newDecoder(parsers.Options{Fields: c.fields})
				decodeAll(b, dec, data, emit)
				if err := dec.Flush(emit); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestBoringRecordsCostNoAllocation holds the decoder to it once its memory has
// grown to what the log needs.
func TestBoringRecordsCostNoAllocation(t *testing.T) {
	dec := newDecoder(parsers.Options{Fields: []string{"type", "exe", "CommandLine", "cli.verb", "path"}})
	var dst [][]byte
	emit := func(ev *parsers.Event) error {
		for _, v := range ev.Views {
			for i := range 5 {
				dst = v.Fields.Values(dst[:0], i)
			}
		}
		return nil
	}
	data := execLog(12000, true)
	warm := bytes.Index(data, []byte(":11000)"))
	warm = bytes.LastIndexByte(data[:warm], '\n') + 1
	decodeAll(t, dec, data[:warm], emit)
	rest := data[warm:]
	half := len(rest)/2 + bytes.IndexByte(rest[len(rest)/2:], '\n') + 1
	parts := [][]byte{rest[:half], rest[half:]} // AllocsPerRun warms up with one run
	allocs := testing.AllocsPerRun(1, func() {
		decodeAll(t, dec, parts[0], emit)
		parts = parts[1:]
	})
	if perEvent := allocs / 500; perEvent > 0.05 {
		t.Errorf("%.2f allocations per event", perEvent)
	}
}
