package score

import (
	"fmt"
	"math"
	"math/bits"
	"strings"

	"tideline/scanner/finding"
)

// Weight is what a finding of a level starts with if its rule says nothing
// else: Elastic's fixed map of severities to numbers.
func Weight(level string) int {
	switch level {
	case "critical":
		return 99
	case "high":
		return 73
	case "medium":
		return 47
	case "low":
		return 21
	}
	return 1
}

// A Context is what is known of a finding beyond what it says itself. The zero
// value knows nothing.
type Context struct {
	New        []string // what the actor never did, used or was before, a clause each
	NewTo      string   // what that was measured against, "not in the baseline"
	Usual      bool     // a baseline knows the actor doing this, with this client, from there
	Operator   bool     // the actor's work is to handle credentials
	Home       bool     // the cluster's own nodes come from the actor's address
	Engagement string   // by what the finding belongs to an authorised test; "" if it does not
}

// Finding sets the score and the reasons of f. base is what the rule asks for,
// 0 for the weight of its level; adjust are the rule's own adjustments that
// held. The points of the reasons add up to the score.
func Finding(f *finding.Finding, base int, adjust []finding.Reason, around Context) {
	s := sheet{}
	if base > 0 {
		s.add(base, fmt.Sprintf("rule of level %s", f.Rule.Level))
	} else {
		s.add(Weight(f.Rule.Level), fmt.Sprintf("level %s", f.Rule.Level))
	}
	for _, a := range adjust {
		s.add(a.Points, a.Why)
	}
	act(&s, f)
	actor(&s, f, around.Home)
	habit(&s, &around, lowered(adjust))
	repetition(&s, f.Count)
	s.clamp()
	f.Score, f.Reasons = s.total, s.reasons
}

// A sheet collects reasons and their sum.
type sheet struct {
	total   int
	reasons []finding.Reason
}

func (s *sheet) add(points int, why string) {
	if points == 0 {
		return
	}
	s.total += points
	s.reasons = append(s.reasons, finding.Reason{Points: points, Why: why})
}

// scale multiplies what is there by factor and says why.
func (s *sheet) scale(factor float64, why string) {
	s.add(int(math.Round(float64(s.total)*factor))-s.total, why)
}

// clamp keeps the sum within 0 and 100.
func (s *sheet) clamp() {
	switch {
	case s.total > 100:
		s.add(100-s.total, "100 is the most")
	case s.total < 0:
		s.add(-s.total, "0 is the least")
	}
}

// act applies what became of the act, and what it was about.
func act(s *sheet, f *finding.Finding) {
	switch f.Outcome {
	case "denied":
		s.scale(0.5, "the request was denied")
	case "failed":
		s.scale(0.7, "the action failed")
	}
	if !strings.HasPrefix(f.Actor.ID, "k8s:") && f.Actor.Kind != nameless {
		return
	}
	switch {
	case f.Target.Namespace == "kube-system" && coveted(f.Target.Kind):
		s.scale(1.25, "the target is in kube-system")
	case f.Target.Kind == "secrets" && precious(f.Target.Name):
		s.scale(1.25, "the secret's name promises more access")
	}
}

// coveted kinds of objects in kube-system give the cluster away.
func coveted(kind string) bool {
	kind, _, _ = strings.Cut(kind, "/")
	return kind == "secrets" || kind == "serviceaccounts" || kind == "pods" || kind == "kubelet"
}

// nameless is the kind of a client of the API whose log names no user.
const nameless = "kubernetes-client"

// preciousWords stand in the names of secrets that open more than one door.
var preciousWords = [...]string{"admin", "root", "master", "kubeconfig", "etcd", "vault", "cluster", "signing", "ca-key", "cloud-cred", "bootstrap-token"}

func precious(name string) bool {
	name = strings.ToLower(name)
	for _, w := range preciousWords {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// actor applies who it was, and from where.
func actor(s *sheet, f *finding.Finding, home bool) {
	if !home && finding.Public(f.Actor.Address()) && workload(f.Actor.Kind) {
		s.scale(1.2, "a workload's identity used from a public address")
	}
	// What the API server is asked may be a controller's work, if one does not know
	// whose; who calls a kubelet directly has no name anywhere.
	if f.Actor.Kind == nameless && !strings.HasPrefix(f.Target.Kind, "kubelet/") {
		s.scale(0.7, "the log names no user: address and client are all that is known")
	}
	for _, g := range f.Actor.Groups {
		if g == "system:masters" || g == "cluster-admin" {
			s.scale(1.2, "the actor is in "+g)
			break
		}
	}
}

// habit applies what is new about the act, and what is not. The trap door: an
// operator is trusted only as long as nothing about it is new. ruled says that
// the rule itself has already made allowance for such actors.
func habit(s *sheet, around *Context, ruled bool) {
	switch {
	case len(around.New) > 0:
		s.scale(1.25, "new: "+strings.Join(around.New, ", ")+" ("+around.NewTo+")")
	case around.Operator && !ruled:
		s.scale(0.2, "its work is to handle credentials, with its usual client from its usual place")
	case around.Usual:
		s.scale(0.5, "usual: the baseline knows this")
	}
	if around.Engagement != "" {
		s.scale(0.2, "authorised: "+around.Engagement+" belongs to the announced engagement")
	}
}

// lowered reports whether a rule's own adjustments took points off.
func lowered(adjust []finding.Reason) bool {
	for _, a := range adjust {
		if a.Points < 0 {
			return true
		}
	}
	return false
}

func workload(kind string) bool {
	return kind == "kubernetes-service-account" || kind == "kubernetes-node"
}

// repetition adds a twentieth for each doubling, up to a quarter.
func repetition(s *sheet, count int64) {
	if count < 2 {
		return
	}
	doublings := bits.Len64(uint64(count)) - 1
	s.scale(1+math.Min(0.25, 0.05*float64(doublings)), fmt.Sprintf("repeated %d times", count))
}
