package report

import (
	"io"

	"tideline/scanner/finding"
)

// ecsWriter writes findings under the names of the Elastic Common Schema 8.17,
// as NDJSON that a SIEM takes in. What ECS has no name for stands under
// "tideline", with the names of schema tideline.finding/1.
type ecsWriter struct {
	w    io.Writer
	mask *Redactor
	enc  jsonEncoder
}

// NewECS writes findings to w as ECS documents, one a line. Fields without a
// value are left out, as an index of ECS expects.
func NewECS(w io.Writer, o Options) Writer { return &ecsWriter{w: w, mask: NewRedactor(o)} }

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
	Timestamp string   `json:"@timestamp,omitempty"`
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
	Host         *ecsName `json:"host,omitempty"`
	Container    *ecsName `json:"container,omitempty"`
	Orchestrator struct {
		Type      string   `json:"type,omitempty"`
		Namespace string   `json:"namespace,omitempty"`
		Cluster   *ecsName `json:"cluster,omitempty"`
		Resource  struct {
			Type string `json:"type,omitempty"`
			Name string `json:"name,omitempty"`
		} `json:"resource"`
	} `json:"orchestrator"`
	Process *ecsProcess `json:"process,omitempty"`
	Threat  *ecsThreat  `json:"threat,omitempty"`
	Log     struct {
		File struct {
			Path string `json:"path"`
		} `json:"file"`
		Offset int64 `json:"offset"`
	} `json:"log"`
	Tideline ecsOwn `json:"tideline"`
}

type ecsProcess struct {
	CommandLine string `json:"command_line"`
}

type ecsThreat struct {
	Framework string `json:"framework"`
	Technique struct {
		ID []string `json:"id"`
	} `json:"technique"`
}

type ecsOwn struct {
	Level   string            `json:"level"`
	Actor   string            `json:"actor"`
	Reasons []finding.Reason  `json:"reasons"`
	Exposed []finding.Exposed `json:"exposed"`
	Count   int64             `json:"count"`
	Line    int64             `json:"line"`
	Format  string            `json:"format"`
	Raw64   string            `json:"raw_base64,omitempty"`
	Masked  int               `json:"masked"`
}

func (e *ecsWriter) Begin(*finding.Overview) error { return nil }

func (e *ecsWriter) Write(f *finding.Finding) error {
	m := e.mask.Finding(f)
	d := ecsDocument{Timestamp: m.Time.String(), Version: "8.17.0", Message: message(&m), Event: ecsEventOf(&m)}
	d.Rule = ecsRule{ID: m.Rule.ID, Name: m.Rule.Title, License: m.Rule.License}
	if m.Rule.Author != "" {
		d.Rule.Author = []string{m.Rule.Author}
	}
	if len(m.Rule.References) > 0 {
		d.Rule.Reference = m.Rule.References[0]
	}
	ecsWho(&d, &m)
	ecsWhere(&d, &m)
	if len(m.Attack) > 0 {
		d.Threat = &ecsThreat{Framework: "MITRE ATT&CK"}
		d.Threat.Technique.ID = m.Attack
	}
	if m.Command != "" {
		d.Process = &ecsProcess{m.Command}
	}
	d.Tideline = ecsOwn{m.Rule.Level, m.Actor.ID, m.Reasons, m.Exposed, m.Count, m.Source.Line, m.Source.Format, m.RawBase64, m.Masked}
	return writeLine(e.w, &e.enc, &d)
}

func (e *ecsWriter) Close() error { return nil }

func ecsEventOf(f *finding.Finding) ecsEvent {
	e := ecsEvent{Kind: "alert", Category: []string{"iam"}, Type: []string{"info"}, Action: f.Action, Outcome: "unknown", Severity: 21 * (finding.LevelRank(f.Rule.Level) + 1),
		Risk: f.Score, ID: f.ID, Reason: f.Summary, Start: f.Time.String(), End: f.LastTime.String(), Original: f.Raw, Provider: f.Source.Format, Module: "tideline"}
	switch f.Outcome {
	case "allowed":
		e.Outcome, e.Type = "success", []string{"allowed"}
	case "denied":
		e.Outcome, e.Type = "failure", []string{"denied"}
	case "failed":
		e.Outcome = "failure"
	}
	if f.Command != "" {
		e.Category = []string{"process"}
	}
	return e
}

func ecsWho(d *ecsDocument, f *finding.Finding) {
	d.User.ecsName = ecsName{Name: f.Actor.Name}
	d.User.Roles = f.Actor.Groups
	d.Related.IP = f.Actor.Addresses
	if f.Actor.Name != "" {
		d.Related.User = []string{f.Actor.Name}
	}
	if f.Actor.Impersonated != "" {
		d.User.Effective = &ecsName{Name: f.Actor.Impersonated}
		d.Related.User = append(d.Related.User, f.Actor.Impersonated)
	}
	if n := len(f.Actor.Addresses); n > 0 {
		d.Source.IP, d.Source.Address = f.Actor.Addresses[n-1], f.Actor.Addresses[n-1]
	}
	d.Agent.Original = f.Actor.Agent
}

func ecsWhere(d *ecsDocument, f *finding.Finding) {
	if f.Host != "" {
		d.Host = &ecsName{Name: f.Host}
	}
	if f.Container.ID != "" || f.Container.Name != "" {
		d.Container = &ecsName{Name: f.Container.Name, ID: f.Container.ID}
	}
	d.Orchestrator.Namespace = f.Target.Namespace
	d.Orchestrator.Resource.Type, d.Orchestrator.Resource.Name = f.Target.Kind, f.Target.Name
	if f.Cluster != "" {
		d.Orchestrator.Cluster = &ecsName{Name: f.Cluster}
	}
	if f.Source.Format == "kubernetes-audit" {
		d.Orchestrator.Type = "kubernetes"
	}
	d.Log.File.Path, d.Log.Offset = f.Source.Path, f.Source.Offset
}
