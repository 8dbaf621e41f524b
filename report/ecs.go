package report

import (
	"io"
	"net/netip"
	"slices"
	"strings"

	"tideline/scanner/finding"
)

// ecsWriter writes findings under the names of the Elastic Common Schema 8.17,
// as NDJSON that a SIEM takes in. What ECS has no name for stands under
// "tideline", with the names of schema tideline.finding/1.
type ecsWriter struct {
	maskCount
	w   io.Writer
	enc jsonEncoder
}

// newECS writes findings to w as ECS documents, one a line. Fields without a
// value are left out, as an index of ECS expects.
func newECS(w io.Writer, o Options) Writer { return &ecsWriter{w: w} }

type ecsName struct {
	Name string `json:"name,omitempty"`
	ID   string `json:"id,omitempty"`
}

type ecsEvent struct {
	Kind     string   `json:"kind"`
	Category []string `json:"category"`
	Type     []string `json:"type"`
	Action   string   `json:"action,omitempty"`
	Outcome  string   `json:"outcome"`
	Severity int      `json:"severity"`
	Risk     int      `json:"risk_score"`
	ID       string   `json:"id"`
	Reason   string   `json:"reason,omitempty"`
	Start    string   `json:"start,omitempty"`
	End      string   `json:"end,omitempty"`
	Original string   `json:"original,omitempty"`
	Provider string   `json:"provider,omitempty"`
	Module   string   `json:"module"`
}

type ecsRule struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Author    []string `json:"author,omitempty"`
	License   string   `json:"license,omitempty"`
	Reference string   `json:"reference,omitempty"`
}

type ecsDocument struct {
	Timestamp string   `json:"@timestamp"`
	Version   string   `json:"ecs.version"`
	Message   string   `json:"message"`
	Event     ecsEvent `json:"event"`
	Rule      ecsRule  `json:"rule"`
	User      struct {
		ecsName
		Roles     []string `json:"roles,omitempty"`
		Effective *ecsName `json:"effective,omitempty"`
	} `json:"user"`
	Source struct {
		IP      string `json:"ip,omitempty"`
		Address string `json:"address,omitempty"`
	} `json:"source"`
	Agent struct {
		Original string `json:"original,omitempty"`
	} `json:"user_agent"`
	Related struct {
		IP   []string `json:"ip,omitempty"`
		User []string `json:"user,omitempty"`
	} `json:"related"`
	Host         *ecsName         `json:"host,omitempty"`
	Container    *ecsName         `json:"container,omitempty"`
	Orchestrator *ecsOrchestrator `json:"orchestrator,omitempty"`
	Process      *ecsProcess      `json:"process,omitempty"`
	Threat       *ecsThreat       `json:"threat,omitempty"`
	Log          struct {
		File struct {
			Path string `json:"path"`
		} `json:"file"`
		Offset int64 `json:"offset"`
	} `json:"log"`
	Tideline ecsOwn `json:"tideline"`
}

type ecsOrchestrator struct {
	Type      string   `json:"type,omitempty"`
	Namespace string   `json:"namespace,omitempty"`
	Cluster   *ecsName `json:"cluster,omitempty"`
	Resource  struct {
		Type string `json:"type,omitempty"`
		Name string `json:"name,omitempty"`
	} `json:"resource"`
}

type ecsProcess struct {
	CommandLine string `json:"command_line,omitempty"`
	Executable  string `json:"executable,omitempty"`
}

type ecsThreat struct {
	Framework string `json:"framework"`
	Technique struct {
		ID  []string      `json:"id"`
		Sub *ecsTechnique `json:"subtechnique,omitempty"`
	} `json:"technique"`
}

type ecsTechnique struct {
	ID []string `json:"id"`
}

type ecsOwn struct {
	Level   string            `json:"level"`
	Actor   string            `json:"actor"`
	Target  finding.Target    `json:"target"`
	Reasons []finding.Reason  `json:"reasons"`
	Exposed []finding.Exposed `json:"exposed"`
	Count   int64             `json:"count"`
	Line    int64             `json:"line"`
	Format  string            `json:"format"`
	Raw64   string            `json:"raw_base64,omitempty"`
	Masked  int               `json:"masked"`
}

func (e *ecsWriter) Begin(*finding.Overview) error { return nil }

func (e *ecsWriter) Write(f *Shown) error {
	m := e.of(f)
	d := ecsDocument{Timestamp: m.Time.String(), Version: "8.17.0", Message: message(m), Event: ecsEventOf(m)}
	if m.Time.IsZero() { // a data stream refuses what has no time; event.start is absent all the same
		d.Timestamp = "1970-01-01T00:00:00Z"
	}
	d.Rule = ecsRule{ID: m.Rule.ID, Name: m.Rule.Title, License: m.Rule.License}
	if m.Rule.Author != "" {
		d.Rule.Author = []string{m.Rule.Author}
	}
	if len(m.Rule.References) > 0 {
		d.Rule.Reference = m.Rule.References[0]
	}
	ecsWho(&d, m)
	ecsWhere(&d, m)
	d.Threat = ecsThreatOf(m.Attack)
	d.Tideline = ecsOwn{m.Rule.Level, m.Actor.ID, m.Target, m.Reasons, m.Exposed, m.Count, m.Source.Line, m.Source.Format, m.RawBase64, m.Masked}
	return writeLine(e.w, &e.enc, &d)
}

func (e *ecsWriter) Close() error { return nil }

func ecsEventOf(f *finding.Finding) ecsEvent {
	e := ecsEvent{Kind: "alert", Action: f.Action, Outcome: "unknown", Severity: 21 * (finding.LevelRank(f.Rule.Level) + 1),
		Risk: f.Score, ID: f.ID, Reason: f.Summary, Start: f.Time.String(), End: f.LastTime.String(), Original: f.Raw, Provider: f.Source.Format, Module: "tideline"}
	switch f.Outcome {
	case "allowed":
		e.Outcome = "success"
	case "denied", "failed":
		e.Outcome = "failure"
	}
	category, kind := ecsCategory(f)
	e.Category, e.Type = []string{category}, []string{kind}
	return e
}

// ecsCategory is event.category and event.type: of those types that ECS expects of
// the category.
func ecsCategory(f *finding.Finding) (category, kind string) {
	switch {
	case f.Source.Format != "auditd" && f.Source.Format != "container-log":
		switch f.Outcome {
		case "allowed", "denied":
			return "api", f.Outcome
		}
		return "api", "info"
	case f.Command != "" && f.Outcome == "allowed":
		return "process", "start"
	case f.Command != "":
		return "process", "info"
	case f.Target.Kind == "socket":
		return "network", "connection"
	case f.Target.Kind == "file":
		return "file", "access"
	}
	return "host", "info"
}

// ecsThreatOf gives techniques and sub-techniques the two places that ECS has for
// them.
func ecsThreatOf(attack []string) *ecsThreat {
	if len(attack) == 0 {
		return nil
	}
	t := &ecsThreat{Framework: "MITRE ATT&CK"}
	for _, id := range attack {
		technique, _, sub := strings.Cut(id, ".")
		if !slices.Contains(t.Technique.ID, technique) {
			t.Technique.ID = append(t.Technique.ID, technique)
		}
		if sub {
			if t.Technique.Sub == nil {
				t.Technique.Sub = &ecsTechnique{}
			}
			t.Technique.Sub.ID = append(t.Technique.Sub.ID, id)
		}
	}
	return t
}

func ecsWho(d *ecsDocument, f *finding.Finding) {
	d.User.ecsName = ecsName{Name: f.Actor.Name}
	d.User.Roles = f.Actor.Groups
	if f.Actor.Name != "" {
		d.Related.User = []string{f.Actor.Name}
	}
	if f.Actor.Impersonated != "" {
		d.User.Effective = &ecsName{Name: f.Actor.Impersonated}
		d.Related.User = append(d.Related.User, f.Actor.Impersonated)
	}
	for _, address := range f.Actor.Addresses {
		d.Source.Address, d.Source.IP = address, ""
		if ecsIP(address) {
			d.Source.IP, d.Related.IP = address, append(d.Related.IP, address)
		}
	}
	if f.Source.Format == "auditd" {
		if f.Actor.Agent != "" || f.Command != "" {
			d.Process = &ecsProcess{f.Command, f.Actor.Agent}
		}
		return
	}
	d.Agent.Original = f.Actor.Agent
	if f.Command != "" {
		d.Process = &ecsProcess{CommandLine: f.Command}
	}
}

// ecsIP reports whether a field of type ip takes s. An index refuses a document in
// which it finds anything else there, and what a log calls an address may be any text.
func ecsIP(s string) bool {
	ip, err := netip.ParseAddr(s)
	return err == nil && ip.Zone() == ""
}

func ecsWhere(d *ecsDocument, f *finding.Finding) {
	if f.Host != "" {
		d.Host = &ecsName{Name: f.Host}
	}
	if f.Container.ID != "" || f.Container.Name != "" {
		d.Container = &ecsName{Name: f.Container.Name, ID: f.Container.ID}
	}
	if f.Source.Format == "kubernetes-audit" {
		o := &ecsOrchestrator{Type: "kubernetes", Namespace: f.Target.Namespace}
		o.Resource.Type, o.Resource.Name = f.Target.Kind, f.Target.Name
		if f.Cluster != "" {
			o.Cluster = &ecsName{Name: f.Cluster}
		}
		d.Orchestrator = o
	}
	d.Log.File.Path, d.Log.Offset = f.Source.Path, f.Source.Offset
}
