package report

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
)

// htmlPage is the page of an overview and its findings.
func htmlPage(t testing.TB, o *finding.Overview, list []finding.Finding) []byte {
	t.Helper()
	return render(t, Format{Name: "html", New: newHTML}, Options{}, o, list)
}

// paged is htmlPage for what returns a report: paged(t)(crowdReport(500)).
func paged(t testing.TB) func(*finding.Overview, []finding.Finding) []byte {
	return func(o *finding.Overview, list []finding.Finding) []byte { return htmlPage(t, o, list) }
}

// canaries are hostile texts. If one of them runs, it sets window.canary.
var canaries = []string{
	`<script>window.canary=1</script>`, `</script><script>window.canary=2</script>`, `<img src=x onerror=window.canary=3>`, `<!--<script>window.canary=4`, `]]><svg/onload=window.canary=5>`,
	`" onmouseover="window.canary=6" autofocus onfocus="window.canary=6`, `' onclick='window.canary=7'`, `javascript:window.canary=8`, `{{constructor.constructor('window.canary=9')()}}`,
	`<link rel=stylesheet href=//evil.example/a.css><iframe src=https://evil.example/></iframe><base href=//evil.example/>`, `</style><style>@import "//evil.example/b.css";*{background:url(//evil.example/c.png)}`,
	`<meta http-equiv=refresh content="0;url=https://evil.example/">`, `</textarea></title></noscript><img src=//evil.example/d.png>`,
	"line\u2028separator\u2029paragraph", "\u202egnp.exe\u2066\u200b\u200d\ufeff", "nul\x00 esc\x1b[2J bell\a", "not UTF-8 \xff\xfe\xc3(", "e" + strings.Repeat("\u0301", 40), "שלום עולם مرحبا",
	strings.Repeat("long", 2500), strings.Repeat("w o r d s ", 400),
}

// fill sets every text below v, which points to it, to the next of texts, and
// makes every list as long as n.
func fill(v reflect.Value, n int, next func() string) {
	switch v.Kind() {
	case reflect.Pointer:
		fill(v.Elem(), n, next)
	case reflect.String:
		v.SetString(next())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(v.Index(i), n, next)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range n {
			v.SetMapIndex(reflect.ValueOf(next()), reflect.ValueOf(int64(3)))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[finding.Time]() {
			v.Set(reflect.ValueOf(at(7)))
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), n, next)
			}
		}
	}
}

// hostileReport has a hostile text in every field there is, also in those that
// hold words of ours.
func hostileReport() (*finding.Overview, []finding.Finding) {
	k := 0
	next := func() string { k++; return canaries[k%len(canaries)] }
	o := &finding.Overview{}
	fill(reflect.ValueOf(o), 3, next)
	o.Summary.Timeline.Step = 60
	list := make([]finding.Finding, 2*len(canaries))
	for i := range list {
		text := canaries[i%len(canaries)]
		if i < len(canaries) { // one text everywhere
			fill(reflect.ValueOf(&list[i]), 2, func() string { return text })
		} else { // all texts, each somewhere else
			fill(reflect.ValueOf(&list[i]), 2, next)
		}
		list[i].ID = fmt.Sprintf("%016x", i)
		list[i].Time, list[i].Score, list[i].RawBase64 = at(i%60), i, ""
		if i%2 == 0 {
			list[i].Rule.Level = finding.Levels[i%5]
		}
	}
	o.Summary.Findings, o.Summary.Events = int64(len(list)), 1000
	for i := range o.Actors {
		o.Actors[i].Score = 90 - i*30
		o.Actors[i].Story[0].Finding = list[i].ID
		o.Actors[i].Findings = []string{list[i].ID, list[i+3].ID}
		o.Exposure[i].Findings = []string{list[i].ID}
	}
	return o, list
}

// crowdReport is a large scan: n findings of a day, of many actors and sources.
func crowdReport(n int) (*finding.Overview, []finding.Finding) {
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	list := make([]finding.Finding, n)
	for i := range list {
		f := sampleFinding(i%60, finding.Levels[i*7%5], i*13%100, fmt.Sprintf("system:serviceaccount:team-%d:app-%d", i*i%40, i%200),
			fmt.Sprintf("read the secret app-%d of namespace team-%d", i%977, i%40), `{"kind":"Event","verb":"get"}`)
		f.ID = fmt.Sprintf("%016x", i)
		f.Time = finding.Time{Time: day.Add(time.Duration(i) * 24 * time.Hour / time.Duration(n))}
		f.LastTime = f.Time
		f.Source.Path = fmt.Sprintf("bundle.tgz!node-%d/var/log/kube-apiserver/audit.log", i%50)
		f.Attack = []string{fmt.Sprintf("T15%02d.007", i%20)}
		f.Outcome = []string{"allowed", "denied", "failed"}[i%3]
		list[i] = f
	}
	o := sampleOverview()
	o.Summary.Findings, o.Summary.First, o.Summary.Last = int64(n), finding.Time{Time: day}, finding.Time{Time: day.Add(24 * time.Hour)}
	o.Summary.Timeline = finding.Timeline{Step: 300}
	for i := range 288 {
		o.Summary.Timeline.Buckets = append(o.Summary.Timeline.Buckets, finding.Bucket{Time: finding.Time{Time: day.Add(time.Duration(i) * 5 * time.Minute)},
			Events: int64(100 + i*i%97), Denied: int64(i % 9), Findings: int64(n / 288), Formats: map[string]int64{"kubernetes-audit": int64(100 + i*i%97)}})
	}
	o.Coverage.Quiet = []finding.Silence{{Path: "node-3/audit.log", From: finding.Time{Time: day.Add(5 * time.Hour)}, To: finding.Time{Time: day.Add(6 * time.Hour)}, Reason: "no event for an hour"}}
	o.Actors, o.Ledger = nil, nil
	for i := range min(n, 2000) {
		name := fmt.Sprintf("system:serviceaccount:team-%d:app-%d", i*i%40, i%200)
		o.Actors = append(o.Actors, finding.Actor{ID: fmt.Sprintf("k8s:%s-%d", name, i), Kind: "kubernetes-service-account", Names: []string{name}, Score: max(0, 95-i), Attack: []string{"T1552.007"},
			Story: []finding.Step{{Time: at(i % 60), Level: "high", Outcome: "allowed", Summary: "read a secret", Count: 1}}})
		o.Ledger = append(o.Ledger, finding.Entry{Path: fmt.Sprintf("bundle.tgz!node-%d/var/log/kube-apiserver/audit-%d.log.gz", i%50, i), Format: "kubernetes-audit", Codecs: []string{"gzip"},
			SHA256: strings.Repeat(fmt.Sprintf("%08x", i), 8), Events: 1000, Bytes: parsers.Bytes{Read: 1234567, Events: 1234567}})
	}
	return o, list
}

// emptyReport is a scan that found nothing, and not much to look at.
func emptyReport() (*finding.Overview, []finding.Finding) {
	return &finding.Overview{Summary: finding.Summary{Verdict: "Nothing was found.", Complete: true}, Tool: finding.Tool{Name: "tideline", Version: "0.1"}}, nil
}

// oneReport is a scan with a single finding in a single step of time.
func oneReport() (*finding.Overview, []finding.Finding) {
	o := sampleOverview()
	o.Summary.Timeline.Buckets = o.Summary.Timeline.Buckets[:1]
	o.Summary.Findings, o.Actors, o.Exposure, o.Ledger, o.Top = 1, o.Actors[:1], o.Exposure[:1], o.Ledger[:1], o.Top[:1]
	return o, sampleFindings()[:1]
}

// dataBlocks gives the JSON texts of the page by what their elements are.
func dataBlocks(page []byte) map[string][][]byte {
	blocks := map[string][][]byte{}
	const open = `<script type="application/json" `
	for rest := page; ; {
		_, after, found := bytes.Cut(rest, []byte(open))
		if !found {
			return blocks
		}
		attribute, after, _ := bytes.Cut(after, []byte(">"))
		text, after, _ := bytes.Cut(after, []byte("</script>"))
		name := string(attribute)
		blocks[name] = append(blocks[name], text)
		rest = after
	}
}
