package formats

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"tideline/parsers"
)

type nothing struct{}

func (nothing) Event(*parsers.Format, *parsers.Event) error { return nil }
func (nothing) Remark(parsers.Remark)                       {}

// unlike are lines of no format, each of a kind of its own.
func unlike(format string, lines int) string {
	var b strings.Builder
	for i := range lines {
		word := fmt.Sprintf("%c%c%c", 'g'+i%20, 'g'+i/20%20, 'g'+i/400%20)
		fmt.Fprintf(&b, format, word, i)
	}
	return b.String()
}

func BenchmarkRead(b *testing.B) {
	for name, in := range map[string]string{
		"audit":       strings.Repeat(samples["kubernetes-audit"]+"\n", 8000),
		"audit-cri":   strings.Repeat("2025-03-01T10:00:00.123Z stdout F "+samples["kubernetes-audit"]+"\n", 8000),
		"output":      strings.Repeat(samples["container-log"]+"\n", 20000),
		"text":        strings.Repeat("Mar  1 10:00:00 host systemd[1]: Started Session 5 of user root.\n", 20000),
		"no-log":      unlike("%s line %d of no log\n", 20000),
		"no-log-json": unlike(`{"level":"info","msg":"of %s","n":%d}`+"\n", 20000),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			for b.Loop() {
				_, err := NewReader().Read(context.Background(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{nothing{}})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestBoringRecordsCostNoAllocation holds the path of an audit event to it, bare or
// as others print it.
func TestBoringRecordsCostNoAllocation(t *testing.T) {
	event := samples["kubernetes-audit"]
	quoted := strconv.Quote(event)
	for name, line := range map[string]string{
		"bare":       event,
		"cri":        "2025-03-01T10:00:00.123Z stdout F " + event,
		"json-file":  `{"log":` + strconv.Quote(event+"\n") + `,"stream":"stdout","time":"2025-03-01T10:00:00.123Z"}`,
		"cloudwatch": `{"timestamp":1740823200000,"message":` + quoted + `,"ingestionTime":1740823200000}`,
		"fluentd":    "2025-03-01T10:00:00+00:00\tkube.audit\t" + event,
		"fluent-bit": `{"log":` + quoted + `,"stream":"stdout","kubernetes":{"pod_name":"api","namespace_name":"kube-system","container_name":"c","docker_id":"0123456789ab","host":"n1"}}`,
		"filebeat":   `{"@timestamp":"2025-03-01T10:00:00.123Z","message":` + quoted + `,"agent":{"type":"filebeat"},"host":{"name":"n1"}}`,
		"journald":   `{"MESSAGE":` + quoted + `,"__REALTIME_TIMESTAMP":"1740823200000000","_HOSTNAME":"n1","SYSLOG_IDENTIFIER":"kube-apiserver"}`,
		"syslog":     "Mar  1 10:00:00 master kube-apiserver[812]: " + event,
	} {
		t.Run(name, func(t *testing.T) {
			allocs := func(n int) float64 {
				in := []byte(strings.Repeat(line+"\n", n))
				return testing.AllocsPerRun(3, func() {
					_, err := NewReader().Read(context.Background(), parsers.Stream{Reader: bytes.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{nothing{}})
					if err != nil {
						t.Fatal(err)
					}
				})
			}
			few, many := allocs(100), allocs(2100)
			if perRecord := (many - few) / 2000; perRecord > 0.1 { // the race detector lets pools forget
				t.Errorf("%.2f allocations per record", perRecord)
			}
		})
	}
}
