package report

import (
	"slices"
	"strings"

	"tideline/scanner/finding"
)

// A deed is what an actor did, as the screen tells it: like acts that follow
// each other are one.
type deed struct {
	step    finding.Step // the first
	head    string       // "read secrets"
	objects []string     // of like acts; nil if the sentence is whole
	score   int
	gain    bool // it brought a credential, or a way into a container
}

// deeds condenses a story, in order.
func deeds(a *finding.Actor) []deed {
	var out []deed
	told := map[string]bool{}
	for i := range a.Story {
		d := deedOf(a, &a.Story[i])
		if n := len(out); n > 0 && d.objects != nil && out[n-1].objects != nil && out[n-1].head == d.head {
			last := &out[n-1]
			last.score, last.gain = max(last.score, d.score), last.gain || d.gain
			for _, o := range d.objects {
				if !slices.Contains(last.objects, o) {
					last.objects = append(last.objects, o)
				}
			}
			continue
		}
		if said := d.head + strings.Join(d.objects, ","); !told[said] {
			told[said] = true
			out = append(out, d)
		}
	}
	return out
}

// deedOf words one step of a's story. Reading of objects, entering of pods and
// asking for tokens are worded from what was done; of everything else the
// sentence of its rule says more.
func deedOf(a *finding.Actor, s *finding.Step) deed {
	d := deed{step: *s, score: s.Score}
	object := ""
	if !s.Correlation && kubernetesName(a, s.Actor) {
		d.head, object = worded(s)
	}
	if d.head == "" {
		d.head = plainSentence(a, s)
		return d
	}
	switch s.Outcome {
	case "denied":
		d.head = "was not allowed to " + infinitive(d.head)
	case "failed":
		d.head = "failed to " + infinitive(d.head)
	default:
		d.gain = sensitive(s.Target.Kind)
	}
	if s.Impersonated != "" { // the sentence of a rule says so itself
		d.head = "as " + shortActor(s.Impersonated) + ": " + d.head
	}
	if as := alias(a, s); as != "" {
		d.head = "as " + as + ": " + d.head
	}
	d.objects = []string{object}
	return d
}

// alias is the name of a step's identity if it is not the one that the actor is
// called by.
func alias(a *finding.Actor, s *finding.Step) string {
	if len(a.Names) == 0 || s.Actor == "" || s.Actor == a.Names[0] {
		return ""
	}
	return shortActor(s.Actor)
}

// kubernetesName reports whether a name is that of a user of the API server.
// Principals of hosts and containers have "=" or "/" in theirs; so have those of clouds
// (arn:aws:sts::1:assumed-role/ops/eve), which no host and no container is called.
func kubernetesName(a *finding.Actor, name string) bool {
	return strings.HasPrefix(a.ID, "k8s:") && name != "" &&
		(strings.HasPrefix(name, "arn:") || strings.Contains(name, "://") || !strings.ContainsAny(name, "=/"))
}

// worded says what a request to the API server did, and to what; "" if it is
// not one of those that are worded here.
func worded(s *finding.Step) (head, object string) {
	kind, sub, _ := strings.Cut(s.Target.Kind, "/")
	object = scoped(s.Target.Namespace, s.Target.Name)
	switch {
	case sub == "token" && s.Action == "create":
		return "asked for a token of", object
	case sub == "exec" && s.Command != "":
		return "ran in pod " + object + ":", s.Command
	case sub == "exec":
		return "entered pod", object
	case sub == "log":
		return "read the log of pod", object
	case sub != "" || kind == "": // of a path that is no object the sentence says more
		return "", ""
	case strings.HasPrefix(kind, "selfsubject") && s.Action == "create":
		return "asked what it may do", ""
	case s.Action == "get" && s.Target.Name != "":
		return "read " + kind, object
	case s.Labels != "":
		return "listed " + kind + " with " + s.Labels, scope(s.Target.Namespace)
	case s.Action == "list" || s.Action == "get", s.Action == "watch":
		return "listed all " + kind, scope(s.Target.Namespace)
	}
	return "", ""
}

// sensitive kinds of objects are credentials, or lead into a container.
func sensitive(kind string) bool {
	return kind == "secrets" || strings.HasSuffix(kind, "/token") || strings.HasSuffix(kind, "/exec")
}

// infinitive is how a deed is worded that did not come about.
func infinitive(head string) string {
	verb, rest, _ := strings.Cut(head, " ")
	switch verb {
	case "asked", "listed", "entered":
		verb = strings.TrimSuffix(verb, "ed")
	case "ran":
		verb = "run"
	}
	return verb + " " + rest
}

func scope(namespace string) string {
	if namespace == "" {
		return "of the whole cluster"
	}
	return "in " + namespace
}

// plainSentence is the sentence of a step without what the reader knows: whose
// story it is, and with which client.
func plainSentence(a *finding.Actor, s *finding.Step) string {
	text := withoutActor(s.Summary, a)
	for _, agent := range a.Agents {
		if agent != "" {
			text = withoutClient(text, " with "+agent)
		}
	}
	if s.Outcome != "" && s.Outcome != "allowed" && s.Outcome != "unknown" && !strings.Contains(text, s.Outcome) {
		text += " (" + s.Outcome + ")"
	}
	return text
}

// withoutClient takes phrases that name a client out of a text, but not where the name
// goes on: build/1 is no part of build/16.
func withoutClient(text, phrase string) string {
	from := 0
	for {
		n := strings.Index(text[from:], phrase)
		if n < 0 {
			return text
		}
		from += n
		rest := text[from+len(phrase):]
		if rest == "" || strings.IndexByte(" ,:;)", rest[0]) >= 0 {
			text = text[:from] + rest
		} else {
			from += len(phrase)
		}
	}
}

// said is the deed in words. Objects of one namespace name it once.
func (d *deed) said() string {
	if len(d.objects) == 0 || d.objects[0] == "" {
		return d.head
	}
	return d.head + " " + strings.Join(together(d.objects), ", ")
}

// together takes a namespace that all of several names have behind them.
func together(names []string) []string {
	namespace, _, ok := strings.Cut(names[0], "/")
	if !ok || len(names) < 2 {
		return names
	}
	out := make([]string, len(names))
	for i, n := range names {
		rest, ok := strings.CutPrefix(n, namespace+"/")
		if !ok || strings.Contains(rest, " ") {
			return names
		}
		out[i] = rest
	}
	out[len(out)-1] += " in " + namespace
	return out
}
