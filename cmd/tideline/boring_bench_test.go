package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/scanner"
	"tideline/scanner/source"
)

// boring are events that no rule matches, one of each log.
var boring = map[string]string{
	"kubernetes": `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"0d8b6a5c-1f2e-4a3b-9c4d-5e6f7a8b9c0d","stage":"ResponseComplete","requestURI":"/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node-01?timeout=10s","verb":"update","user":{"username":"system:node:node-01","groups":["system:nodes","system:authenticated"]},"sourceIPs":["10.20.0.11"],"userAgent":"kubelet/v1.31.4 (linux/amd64) kubernetes/a78aa47","objectRef":{"resource":"leases","namespace":"kube-node-lease","name":"node-01","apiGroup":"coordination.k8s.io","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":"2026-03-09T00:00:00.000000Z","stageTimestamp":"2026-03-09T00:00:00.004000Z","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}` + "\n",
	"docker":     `{"status":"exec_die","id":"8009ed72bedb9f3293e9714cb9e6c13bc6e0af76b38c76b65a5c8d79d5494bb7","from":"registry.shop.example/web:2.3.3","Type":"container","Action":"exec_die","Actor":{"ID":"8009ed72bedb9f3293e9714cb9e6c13bc6e0af76b38c76b65a5c8d79d5494bb7","Attributes":{"execID":"573418e7a9613a63d52f16c0bdf3a4124c07975b3cbc424f3d16220d635eac8f","exitCode":"0","image":"registry.shop.example/web:2.3.3","name":"shop-web-1"}},"scope":"local","time":1773014400,"timeNano":1773014400656932557}` + "\n",
	"container":  `2026-03-09T00:00:00.020749168Z stdout F 10.0.164.198 - - [09/Mar/2026:00:00:00 +0000] "GET /static/app.4f1c.js HTTP/1.1" 200 4538 "-" "kube-probe/1.31"` + "\n",
}

// collectBoring scans a file of n boring events with all built-in rules.
func collectBoring(t testing.TB, line string, n int) func() {
	rules := builtinSet(t)
	name := filepath.Join(t.TempDir(), "boring.log")
	if err := os.WriteFile(name, []byte(strings.Repeat(line, n)), 0o600); err != nil {
		t.Fatal(err)
	}
	return func() {
		p, err := scanner.Collect(context.Background(), []string{name}, scanner.Options{Reader: newReader(), Rules: rules, Source: source.Options{}, Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Ledger) != 1 || p.Ledger[0].Events != int64(n) {
			t.Fatalf("ledger: %+v", p.Ledger)
		}
		p.Close()
	}
}

// TestBoringEventsCostNoAllocation: from the file through decoder, statistics
// and all built-in rules.
func TestBoringEventsCostNoAllocation(t *testing.T) {
	for name, line := range boring {
		few := testing.AllocsPerRun(3, collectBoring(t, line, 100))
		many := testing.AllocsPerRun(3, collectBoring(t, line, 4100))
		if per := (many - few) / 4000; per > 0.02 {
			t.Errorf("%s: %.3f allocations per event", name, per)
		}
	}
}

func BenchmarkBoring(b *testing.B) {
	for name, line := range boring {
		b.Run(name, func(b *testing.B) {
			const n = 20_000
			run := collectBoring(b, line, n)
			b.SetBytes(int64(n * len(line)))
			b.ReportAllocs()
			for b.Loop() {
				run()
			}
		})
	}
}
