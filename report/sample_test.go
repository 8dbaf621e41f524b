package report

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
)

// hostile is what an attacker would put into a name: a terminal command, a
// formula, markup, bidi and zero-width characters, NUL, and a byte that is not
// UTF-8.
const hostile = "=cmd|' /C calc'!A1\x1b[2J\x1b]0;owned\x07</script><img src=x onerror=alert(1)>\u202egnp.exe\u200b\x00\u009b31m\xff\u05d0\r\nnext, \"quoted\""

// planted is in the sample in several encodings and must be in no report.
const planted = "Tr0ub4dor-and-3-horses"

func at(minute int) finding.Time {
	return finding.Time{Time: time.Date(2026, 3, 1, 10, minute, 0, 123456000, time.UTC)}
}

// sampleFindings are an intrusion in seven findings; the fifth is hostile in
// every text, and the sixth is not UTF-8.
func sampleFindings() []finding.Finding {
	encoded := base64.StdEncoding.EncodeToString([]byte(planted))
	list := []finding.Finding{
		sampleFinding(0, "high", 78, "web", "web listed all secrets of namespace prod", `{"kind":"Event","verb":"list","objectRef":{"resource":"secrets"},"responseObject":{"kind":"SecretList","items":[{"data":{"password":"`+encoded+`"}}]}}`),
		sampleFinding(1, "critical", 92, "web", "web ran a command in pod db-0", `{"verb":"create","requestURI":"/exec?command=mysql&command=--password%3D`+planted+`"}`),
		sampleFinding(2, "medium", 40, "alice", "alice read the log of pod api", `{"verb":"get"}`),
		sampleFinding(3, "low", 20, "system:node:n1", "a denied read of secrets", `{"verb":"get","user":{"extra":{}}}`),
		sampleFinding(4, "critical", 88, hostile, hostile, hostile),
		sampleFinding(5, "high", 61, "root", "docker inspect shows environment variables", ""),
		sampleFinding(6, "medium", 45, "日本語ユーザー名前", "漢字の名前は二桁の幅を取る、"+"wide characters take two columns", `type=PROCTITLE proctitle=6D7973716C002D70`+fmt.Sprintf("%x", planted)),
	}
	list[1].Command = "mysql -p" + planted
	list[3].Outcome, list[3].Count, list[3].LastTime = "denied", 17, at(9)
	evil := &list[4]
	for _, s := range []*string{&evil.Action, &evil.Host, &evil.Cluster, &evil.Command, &evil.Target.Kind, &evil.Target.Namespace, &evil.Target.Name, &evil.Actor.Agent,
		&evil.Actor.Impersonated, &evil.Container.Name, &evil.Container.Pod, &evil.Source.Path, &evil.Rule.Title, &evil.Rule.Description} {
		*s = hostile
	}
	evil.Actor.Groups, evil.Actor.Addresses, evil.Rule.FalsePositives = []string{hostile}, []string{hostile}, []string{hostile}
	evil.Matched = []finding.Match{{Field: hostile, Value: hostile, Pattern: hostile}}
	evil.Exposed = []finding.Exposed{{Kind: hostile, Namespace: hostile, Name: hostile, Certainty: finding.Obtained}}
	list[5].RawBase64 = base64.StdEncoding.EncodeToString([]byte("\xff\xfe DB_PASSWORD=" + planted + " \xff"))
	return list
}

func sampleFinding(minute int, level string, score int, actor, summary, raw string) finding.Finding {
	f := finding.Finding{
		ID: fmt.Sprintf("%016x", 0x9f2c6d0b7a31e5c4+uint64(minute)), Time: at(minute), Summary: summary, Score: score, Outcome: "allowed", Action: "list",
		Rule:    finding.Rule{ID: "0a1b-" + level, Title: "Rule of level " + level, Level: level, Author: "A. Author", License: "DRL 1.1", References: []string{"https://example.org/a"}},
		Reasons: []finding.Reason{{Points: score - 5, Why: "what the rule says"}, {Points: 5, Why: "first time this principal is seen"}},
		Attack:  []string{"T1552.007"}, Actor: finding.ActorRef{ID: "k8s:" + actor, Kind: "kubernetes-user", Name: actor, Addresses: []string{"10.0.0.1", "203.0.113.9"}, Agent: "kubectl/v1.31"},
		Target: finding.Target{Kind: "secrets", Namespace: "prod", Name: "db"}, Exposed: []finding.Exposed{{Kind: "secret", Namespace: "prod", Name: "*", Certainty: finding.Obtained}},
		Matched: []finding.Match{{Field: "verb", Value: "list", Pattern: "list"}}, Records: 1, Count: 1, LastTime: at(minute), Raw: raw,
		Source: finding.Source{Path: "bundle.tgz!audit.log.gz", Format: "kubernetes-audit", Pos: parsers.Pos{Line: int64(minute) + 1, Offset: int64(minute) * 100, Length: int64(len(raw))}},
	}
	f.Normalise()
	return f
}

// sampleOverview fits sampleFindings.
func sampleOverview() *finding.Overview {
	o := &finding.Overview{
		Summary: finding.Summary{Verdict: "web stands out with a score of 97 (critical). One entry of credentials was obtained: secret prod/all.", Sources: 3, Unread: 1, Bytes: 5 << 20,
			Records: 12345, Events: 12000, First: at(0), Last: at(59), Findings: 7, Hidden: 3, ByLevel: map[string]int64{"critical": 2, "high": 2, "medium": 2, "low": 1, "informational": 3},
			ByOutcome: map[string]int64{"allowed": 6, "denied": 1}, NoteCount: 2, GapCount: 1, GapBytes: 700, Timeline: finding.Timeline{Step: 60}},
		Actors: []finding.Actor{
			{ID: "k8s:web", Kind: "kubernetes-serviceaccount", Names: []string{"web", "system:serviceaccount:prod:web"}, Score: 97, Addresses: []string{"203.0.113.9"}, First: at(0), Last: at(1), Total: 2,
				Reasons: []finding.Reason{{Points: 97, Why: "two grave findings"}}, Attack: []string{"T1552.007"}, Findings: []string{"9f2c6d0b7a31e5c4"},
				Story: []finding.Step{{Time: at(0), Level: "high", Outcome: "allowed", Summary: "listed all secrets of namespace prod", Count: 1},
					{Time: at(1), Level: "critical", Outcome: "allowed", Summary: "ran mysql -p" + planted + " in pod db-0", Count: 1}}},
			{ID: "k8s:" + hostile, Names: []string{hostile}, Score: 88, Addresses: []string{hostile}, Agents: []string{hostile}},
		},
		Exposure: []finding.Exposure{{Kind: "secret", Namespace: "prod", Name: "*", Certainty: finding.Obtained, Actors: []string{"k8s:web"}, How: []string{"list"}, First: at(0), Last: at(0), Count: 1,
			Advice: "rotate", Seen: []string{"db", "tls"}}, {Kind: hostile, Namespace: hostile, Name: hostile, Certainty: finding.Possible, Advice: "check"}},
		Coverage: finding.Coverage{Ran: 40, Fired: 5, Blind: []string{"Reads of secrets are logged without bodies: what was read is not known.", hostile},
			Formats: []finding.FormatCoverage{{Format: "kubernetes-audit", Sources: 1, Events: 12000, First: at(0), Last: at(59)}},
			Sources: []finding.SourceCoverage{
				{Format: "kubernetes-audit", Details: []string{"Request"}, Sources: 7, Events: 12000, First: at(0), Last: at(59), Paths: []string{"bundle.tgz!audit.log.gz", hostile}, Asked: 9, Could: 7,
					Fired: []string{"0a1b-high"}, Blind: []finding.SourceGaps{{Why: "no event with RequestResponse, without which there is no " + hostile, Rules: []string{"blind-1", hostile}}}},
				{Sources: 1, Paths: []string{"bundle.tgz!notes.txt"}}},
			Rules:   []finding.RuleCoverage{{ID: "blind-1", Title: "A pod with the host's files", Level: "high", Why: "field hostPath needs Request or RequestResponse, and none was in the evidence"}, {ID: hostile, Title: hostile, Level: hostile, Why: hostile}},
			Refused: []finding.RefusedRule{{Path: "rules/" + hostile, Line: 3, Reason: hostile}}},
		Ledger: []finding.Entry{{Path: "bundle.tgz!audit.log.gz", Format: "kubernetes-audit", Codecs: []string{"gzip"}, SHA256: "ab12", Size: 9, Bytes: parsers.Bytes{Read: 1000, Events: 300, Gaps: 700},
			Gaps: []finding.Remark{{Code: "gzip.damaged", Bytes: 700, Count: 1, Reason: "the checksum of a member is wrong", Lift: "collect the file again"}}}, {Path: hostile, Looks: hostile}},
		Tool: finding.Tool{Name: "tideline", Version: "0.1", Rules: 43, RulesHash: "cafe", Arguments: []string{"--min-level=low"}},
	}
	for i := 0; i < 60; i += 3 {
		o.Summary.Timeline.Buckets = append(o.Summary.Timeline.Buckets, finding.Bucket{Time: finding.Time{Time: at(i).Truncate(time.Minute)}, Events: int64(i*i%97 + 1)})
	}
	o.Top = sampleFindings()
	return o
}

// render is the report of the sample.
func render(t testing.TB, f Format, o Options, overview *finding.Overview, list []finding.Finding) []byte {
	t.Helper()
	var b bytes.Buffer
	w := f.New(&b, o)
	if err := w.Begin(overview); err != nil {
		t.Fatal(err)
	}
	masker := NewMasker(o)
	for i := range list {
		if err := w.Write(masker.Show(&list[i])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
