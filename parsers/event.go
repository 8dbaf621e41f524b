package parsers

import (
	"slices"
	"time"
)

// An Event is one thing that happened, as one or more Sigma views see it.
// Everything it refers to is borrowed until the emit function returns.
type Event struct {
	Time time.Time // when it happened, as logged, in UTC; zero if unknown
	// Pos and Raw are its records in the stream, in order; more than one
	// when records were grouped. Equal in length, at least one.
	Pos []Pos
	Raw [][]byte
	// Unread stands for Raw, which is nil, if that was allowed: see Records.
	Unread interface{ Records() [][]byte }
	// Decisive is the index in Pos of the record that the event is shown by.
	Decisive int

	Origin  Origin
	Facts   Facts
	Request Request
	Views   []View

	// Like is set on an event that its decoder knows to repeat another: see
	// Likeness. The zero value says nothing.
	Like Likeness

	// Akin is set on an event of which its decoder knows that it differs from
	// others in a few fields only: see Variation. Zero says nothing.
	Akin uint64

	// Parted is set on an event that may have further records in another
	// stream of the same rotation set; nil for almost all.
	Parted *Parted
}

// Records is Raw, which whoever allows it to be left out (Options.Brief) asks for
// by this.
func (ev *Event) Records() [][]byte {
	if ev.Raw == nil && ev.Unread != nil {
		ev.Raw = ev.Unread.Records()
	}
	return ev.Raw
}

// A Likeness says that an event repeats an earlier one of the same decoder, so that
// whoever kept what came of the first need not look at the others. Most of a log is the
// same few events over and over: a kubelet renews its lease every ten seconds, and
// nothing in that differs but an id, two times, and a body that no rule asked for.
//
// A decoder promises of events with one Number:
//
//   - They are equal in all but Time, Pos, Raw, Origin.Time, Request.ID and
//     Request.Received, and in the fields that nobody asked for while the first of
//     them was emitted.
//   - If Loose is set, Target and Session of Facts may differ too, and of the fields
//     only those that rules decide by (Options.Asked) are equal.
//   - If they have a number in Akin, which is one for all of them, what the Variation of
//     a view says may differ: what came of one comes of the others where that decided
//     nothing.
//   - Of what Keywords gives, only values differ that are hexadecimal digits and nothing
//     else, 64 at most. A decoder that cannot promise this of an event says nothing of
//     it, once Keywords was called while it was emitted.
//
// Whoever gets the first event, and makes something of what may differ if Loose is set,
// clears its Loose. Then later events that are not Loose are like it in that as well,
// and of those that are Loose nothing is known.
type Likeness struct {
	Number int  // from 1; 0: nothing is known. Small, for use as an index
	First  bool // it begins anew: later events with the number are like this one
	Loose  bool // Target and Session of Facts, and fields behind Options.Asked, may differ
}

// A Variation says in what events that are akin differ, as far as one view shows it. A
// host opens one file after the other, and connects to one address after the other, in
// the same way: what rules make of all but the name or the address need not be found out
// anew.
//
// A decoder promises of events with one number in Event.Akin, which is never that of
// others: views that stand at one place in Event.Views and are of one kind have one
// Variation, and but for what that says the same values in the fields that rules decide
// by, and the same Keywords.
type Variation struct {
	Fields  []int // by index, those with other values; shared, not to be changed
	Numbers []int // those with another value of up to 64 hexadecimal digits; shared
	Words   bool  // Keywords gives other values; if not set, only such numbers
}

// A Parted is what is left to do when logs are rotated in the middle of an
// event: its records, to be decoded again together with those that another
// stream has of it (Format.Rejoin).
type Parted struct {
	Key     []byte   // what the records of the event have in common; unique within a rotation set
	Head    bool     // records may be missing that an older file of the set has
	Tail    bool     // records may follow in a newer one
	Records []Record // as they were decoded
	Context []byte   // what the decoder knew besides; for Rejoin
}

// A View is the event as rules of one log source see it.
type View struct {
	Kind   int // index into Format.Kinds
	Fields Fields
	Varies *Variation // of events that are akin; nil: nothing but numbers in Keywords
}

// Fields looks up values by field. Three things are told apart: a field that
// is absent has no value, one that is null has a value that is nil, and one
// that is empty has a value of length zero that is not nil. Numbers and
// booleans come as they are spelled in the record ("1.50", "true"), text
// unescaped. A field below an array has one value per member.
type Fields interface {
	// Values appends the values of field, an index into Options.Fields, and
	// returns the extended slice.
	Values(dst [][]byte, field int) [][]byte
	// Keywords appends the values that Sigma's keyword search looks through:
	// the decoded values of the record, not its raw line.
	Keywords(dst [][]byte) [][]byte
}

// An Outcome is what became of an action.
type Outcome uint8

// The outcomes, by their names on the wire. Denied: refused for lack of permission
// or credentials. Failed: tried, and failed for another reason.
const (
	Unknown Outcome = iota
	Allowed
	Denied
	Failed
)

var outcomeNames = [...]string{"unknown", "allowed", "denied", "failed"}

// String is the name of the outcome on the wire.
func (o Outcome) String() string { return outcomeNames[o] }

// ParseOutcome is the inverse of String; what it does not know is Unknown.
func ParseOutcome(s string) Outcome {
	for i, n := range outcomeNames {
		if n == s {
			return Outcome(i)
		}
	}
	return Unknown
}

// An ActorKind says what sort of principal acted. It is part of reports.
type ActorKind string

// The kinds of actor. The prefix of an actor's id follows from the kind.
const (
	KubernetesUser           ActorKind = "kubernetes-user"
	KubernetesServiceAccount ActorKind = "kubernetes-service-account"
	KubernetesNode           ActorKind = "kubernetes-node"
	KubernetesAnonymous      ActorKind = "kubernetes-anonymous" // also: not authenticated
	LinuxUser                ActorKind = "linux-user"           // a uid or login uid on a host
	ContainerProcess         ActorKind = "container-process"    // what runs in one container
	KubernetesClient         ActorKind = "kubernetes-client"    // a client whose user the log does not name: an address
	DockerClient             ActorKind = "docker-client"        // a client the daemon does not name
	UnknownActor             ActorKind = "unknown"
)

// Facts are what every format can tell about an event in the same words. They
// are filled for every event, boring ones included, so they must be cheap:
// bytes are borrowed, absent ones nil.
type Facts struct {
	Actor        ActorKind
	Name         []byte   // the principal as the log names it ("alice", "system:serviceaccount:a:b", "uid=1000")
	Impersonated []byte   // the identity taken on, when the principal acts as another
	Session      []byte   // what tells apart two uses of one name: credential id, login session, terminal in a container
	Groups       [][]byte // of the principal
	Addresses    [][]byte // network addresses the request came from; the last is the trustworthy one
	Agent        []byte   // client program as it names itself (user agent), or executable

	Action    []byte // verb, Docker action or system call
	Kind      []byte // of the target: "secrets", "pods/exec", "container", "file"
	Namespace []byte // of the target
	Target    []byte // its name
	Command   []byte // decoded arguments, when the act is a command
	Outcome   Outcome

	// Details say how much this event could tell: the audit level, the types
	// of the records of an auditd event, the log level of a daemon. They are
	// what Format.Needs speaks of, and of a fixed set: what is unknown to a
	// format has one name in common, for each is counted.
	Details [][]byte
}

// FactTexts is how many texts an event's facts have.
const FactTexts = 9

// Texts are the texts of f, to be read or set. Their order is always the same.
func (f *Facts) Texts() [FactTexts]*[]byte {
	return [...]*[]byte{&f.Name, &f.Impersonated, &f.Session, &f.Agent, &f.Action, &f.Kind, &f.Namespace, &f.Target, &f.Command}
}

// Lists are the lists of texts of f, likewise.
func (f *Facts) Lists() [3]*[][]byte { return [...]*[][]byte{&f.Groups, &f.Addresses, &f.Details} }

// Clone returns a copy of f that refers to bytes of its own.
func (f *Facts) Clone() Facts {
	c := *f
	texts, lists := c.Texts(), c.Lists()
	size := 0
	for _, b := range texts {
		size += len(*b)
	}
	for _, list := range lists {
		*list = slices.Clone(*list)
		for _, b := range *list {
			size += len(b)
		}
	}
	all := make([]byte, 0, size)
	own := func(b *[]byte) {
		if *b != nil {
			from := len(all)
			all = append(all, *b...)
			*b = all[from:len(all):len(all)]
		}
	}
	for _, b := range texts {
		own(b)
	}
	for _, list := range lists {
		for i := range *list {
			own(&(*list)[i])
		}
	}
	return c
}

// A Request identifies the request that an event is a stage of, where a
// format reports one request as several events. Events with equal, non-empty
// ID and equal Received belong together.
type Request struct {
	ID       []byte    // auditID
	Received time.Time // when the request came in
	Stage    []byte    // RequestReceived, ResponseStarted, ResponseComplete, Panic
}

// Kubernetes reports whether k is a principal of a Kubernetes cluster.
func (k ActorKind) Kubernetes() bool {
	switch k {
	case KubernetesUser, KubernetesServiceAccount, KubernetesNode, KubernetesAnonymous:
		return true
	}
	return false
}
