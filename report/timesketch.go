package report

import (
	"io"
	"strings"
	"time"

	"tideline/scanner/finding"
)

// timesketchWriter writes JSON lines that Timesketch imports. It asks for
// message, datetime and timestamp_desc; timestamp is microseconds since 1970,
// an integer. The other names are those of schema tideline.finding/1, flat.
type timesketchWriter struct {
	maskCount
	w   io.Writer
	enc jsonEncoder
}

// newTimesketch writes findings to w as a Timesketch timeline. A finding that
// folds repetitions is two rows, its first and its last occurrence. One without
// a time stands at 1970, as every row must have one.
func newTimesketch(w io.Writer, o Options) Writer {
	return &timesketchWriter{w: w}
}

type timesketchRow struct {
	Message     string   `json:"message"`
	Datetime    string   `json:"datetime"`
	Description string   `json:"timestamp_desc"`
	Timestamp   int64    `json:"timestamp"`
	Tag         []string `json:"tag"`
	ID          string   `json:"finding_id"`
	Level       string   `json:"level"`
	Score       int      `json:"score"`
	Summary     string   `json:"summary"`
	Outcome     string   `json:"outcome"`
	Count       int64    `json:"count"`
	RuleID      string   `json:"rule_id"`
	RuleTitle   string   `json:"rule_title"`
	ActorID     string   `json:"actor_id"`
	ActorName   string   `json:"actor_name"`
	Addresses   []string `json:"actor_addresses"`
	Agent       string   `json:"actor_agent"`
	Action      string   `json:"action"`
	TargetKind  string   `json:"target_kind"`
	TargetSpace string   `json:"target_namespace"`
	TargetName  string   `json:"target_name"`
	Host        string   `json:"host"`
	Cluster     string   `json:"cluster"`
	Container   string   `json:"container_id"`
	Pod         string   `json:"pod"`
	Command     string   `json:"command"`
	Exposed     []string `json:"exposed"`
	Reasons     []string `json:"reasons"`
	SourcePath  string   `json:"source_path"`
	SourceLine  int64    `json:"source_line"`
	Raw         string   `json:"raw"`
	RawBase64   string   `json:"raw_base64,omitempty"`
}

func (t *timesketchWriter) Begin(*finding.Overview) error { return nil }

func (t *timesketchWriter) Write(f *Shown) error {
	m := t.of(f)
	row := timesketchRow{
		Message: message(m), Tag: timesketchTags(m), ID: m.ID, Level: m.Rule.Level, Score: m.Score, Summary: m.Summary, Outcome: m.Outcome, Count: m.Count,
		RuleID: m.Rule.ID, RuleTitle: m.Rule.Title, ActorID: m.Actor.ID, ActorName: m.Actor.Name, Addresses: m.Actor.Addresses, Agent: m.Actor.Agent,
		Action: m.Action, TargetKind: m.Target.Kind, TargetSpace: m.Target.Namespace, TargetName: m.Target.Name, Host: m.Host, Cluster: m.Cluster,
		Container: m.Container.ID, Pod: m.Container.Pod, Command: m.Command, Exposed: exposedTexts(m.Exposed), Reasons: reasonTexts(m.Reasons),
		SourcePath: m.Source.Path, SourceLine: m.Source.Line, Raw: m.Raw, RawBase64: m.RawBase64,
	}
	if m.Count <= 1 || m.LastTime.IsZero() || m.LastTime.Equal(m.Time.Time) {
		return t.row(&row, m.Time, "Event Logged")
	}
	if err := t.row(&row, m.Time, "First Occurrence"); err != nil {
		return err
	}
	return t.row(&row, m.LastTime, "Last Occurrence")
}

func (t *timesketchWriter) row(row *timesketchRow, at finding.Time, what string) error {
	row.Description = what
	if at.IsZero() {
		at.Time, row.Description = time.Unix(0, 0), "Time Unknown"
	}
	row.Datetime, row.Timestamp = at.UTC().Format("2006-01-02T15:04:05.000000-07:00"), at.UnixMicro()
	return writeLine(t.w, &t.enc, row)
}

func (t *timesketchWriter) Close() error { return nil }

// message is a finding in a sentence.
func message(f *finding.Finding) string {
	s := f.Summary
	if s == "" {
		s = f.Rule.Title
	}
	return "[" + f.Rule.Level + "] " + s
}

// timesketchTags are the level and the techniques.
func timesketchTags(f *finding.Finding) []string {
	tags := []string{f.Rule.Level}
	for _, t := range f.Attack {
		tags = append(tags, "attack."+strings.ToLower(t))
	}
	return tags
}
