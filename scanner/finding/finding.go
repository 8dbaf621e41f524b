package finding

import (
	"net/netip"

	"tideline/parsers"
)

// Schema identifies the wire form of a Finding.
const Schema = "tideline.finding/1"

// A Finding is one line of NDJSON output: a scored hit or correlation. Every
// key is always present, empty or not; slices are never nil once Normalise
// was called. Text is as logged, secrets included: the report writers mask and
// neutralise it for the place it goes to.
type Finding struct {
	Schema    string    `json:"schema"`
	ID        string    `json:"id"`   // 16 hex digits, hash of what makes it this finding
	Time      Time      `json:"time"` // of the first occurrence
	Rule      Rule      `json:"rule"`
	Score     int       `json:"score"` // 0 to 100: the sum of Reasons
	Reasons   []Reason  `json:"reasons"`
	Attack    []string  `json:"attack"` // technique ids, "T1552.007"
	Summary   string    `json:"summary"`
	Actor     ActorRef  `json:"actor"`
	Action    string    `json:"action"`
	Target    Target    `json:"target"`
	Outcome   string    `json:"outcome"` // allowed, denied, failed, unknown
	Host      string    `json:"host"`
	Cluster   string    `json:"cluster"`
	Container Container `json:"container"`
	Exposed   []Exposed `json:"exposed"`
	Matched   []Match   `json:"matched"`
	Source    Source    `json:"source"`
	Records   int       `json:"records"` // of the evidence behind the first occurrence; of a correlation, the events that it counts
	Count     int64     `json:"count"`   // occurrences folded into this finding
	LastTime  Time      `json:"last_time"`
	Related   []string  `json:"related"` // ids of the findings that a correlation rests on, at most 200; Records counts all
	Command   string    `json:"command"` // decoded arguments, when the act is a command
	Stage     string    `json:"stage"`   // of the request, where the format reports stages
	Raw       string    `json:"raw"`
	RawBase64 string    `json:"raw_base64,omitempty"` // instead of raw, when the record is not UTF-8
	RawCut    bool      `json:"raw_cut,omitempty"`    // raw holds only the beginning of the record
	Masked    int       `json:"masked"`               // secrets masked in this finding, set by the report
}

// A Rule is what a reader of a finding is told about its rule. The licence
// DRL 1.1 of public Sigma rules asks that the author be named.
type Rule struct {
	ID             string   `json:"id"`
	Title          string   `json:"title"`
	Level          string   `json:"level"` // informational, low, medium, high, critical
	Author         string   `json:"author"`
	License        string   `json:"license"`
	References     []string `json:"references"`
	Description    string   `json:"description"`
	FalsePositives []string `json:"falsepositives"`
}

// A Reason is one part of a score, in words.
type Reason struct {
	Points int    `json:"points"` // may be negative
	Why    string `json:"why"`
}

// An ActorRef is the actor as one finding saw it.
type ActorRef struct {
	ID           string   `json:"id"` // of the Actor; "k8s:alice"
	Kind         string   `json:"kind"`
	Name         string   `json:"name"`
	Groups       []string `json:"groups"`
	Impersonator string   `json:"impersonator"` // the real caller, which is then also Name; "" if nobody was impersonated
	Impersonated string   `json:"impersonated"` // the identity taken on
	Session      string   `json:"session"`      // credential id, login session, or terminal of a container
	Addresses    []string `json:"addresses"`    // the last is the trustworthy one
	Agent        string   `json:"agent"`
}

// Address is the trustworthy address; "" if none is known.
func (a *ActorRef) Address() string {
	if len(a.Addresses) == 0 {
		return ""
	}
	return a.Addresses[len(a.Addresses)-1]
}

// carrierNAT is the shared address space of RFC 6598, which clouds use inside.
var carrierNAT = netip.MustParsePrefix("100.64.0.0/10")

// Public reports whether an address is globally routable.
func Public(address string) bool {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	a = a.Unmap()
	return a.IsGlobalUnicast() && !a.IsPrivate() && !carrierNAT.Contains(a)
}

// A Target is what was acted upon.
type Target struct {
	Kind      string `json:"kind"` // "secrets", "pods/exec", "container", "file"
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// A Container as parsers describe it, with every key on the wire.
type Container = parsers.Container

// Exposed is a credential that a finding gave away, or would have.
type Exposed struct {
	Kind      string `json:"kind"` // as the tideline: block of a rule says it: secret, service-account-token, environment ...
	Namespace string `json:"namespace"`
	Name      string `json:"name"`      // "*" for all
	Certainty string `json:"certainty"` // obtained, attempted, possible
}

// The certainties of an exposure, weakest last. A denied request obtains
// nothing: it is Attempted.
const (
	Obtained  = "obtained"
	Attempted = "attempted"
	Possible  = "possible"
)

// A Match says which value of which field satisfied which pattern of the rule.
type Match struct {
	Field   string `json:"field"`
	Value   string `json:"value"`
	Pattern string `json:"pattern"`
}

// A Source is the place of the deciding record in the evidence.
type Source struct {
	Path     string `json:"path"` // "bundle.zip!node.tgz!var/log/audit.log.2"
	Format   string `json:"format"`
	Envelope string `json:"envelope"`
	parsers.Pos
}

// Normalise replaces nil slices by empty ones, so that every key of the wire
// form has the type the schema says, and sets Schema.
func (f *Finding) Normalise() {
	f.Schema = Schema
	f.Reasons = orEmpty(f.Reasons)
	f.Attack = orEmpty(f.Attack)
	f.Actor.Groups = orEmpty(f.Actor.Groups)
	f.Actor.Addresses = orEmpty(f.Actor.Addresses)
	f.Exposed = orEmpty(f.Exposed)
	f.Matched = orEmpty(f.Matched)
	f.Related = orEmpty(f.Related)
	f.Rule.References = orEmpty(f.Rule.References)
	f.Rule.FalsePositives = orEmpty(f.Rule.FalsePositives)
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
