package finding

import "strings"

// An Actor is who: a principal, with every identity merged into it and
// everything it used. Slices are sorted unless an order is stated.
type Actor struct {
	ID        string   `json:"id"` // "k8s:system:serviceaccount:prod:web", "linux:node1/1001", "docker:node1"
	Kind      string   `json:"kind"`
	Names     []string `json:"names"` // every identity merged into it
	Score     int      `json:"score"` // 0 to 100: the sum of Reasons
	Reasons   []Reason `json:"reasons"`
	Addresses []string `json:"addresses"`
	Agents    []string `json:"agents"`
	Hosts     []string `json:"hosts"`
	Attack    []string `json:"attack"` // techniques, in the order of first use
	First     Time     `json:"first"`
	Last      Time     `json:"last"`
	Findings  []string `json:"findings"` // ids, in event-time order; at most MaxActorFindings, and fewer of the lowest scores where there are thousands of actors
	Total     int64    `json:"total"`    // number of findings, also those not listed
	Story     []Step   `json:"story"`    // what it did, in order, a sentence each; of those lowest scores the gravest only
	Links     []Link   `json:"links"`    // why identities were merged or related
}

// MaxActorFindings bounds Actor.Findings and Exposure.Findings.
const MaxActorFindings = 1000

// A Step is one sentence of an actor's story.
type Step struct {
	Time         Time   `json:"time"`
	Level        string `json:"level"`
	Score        int    `json:"score"`
	Outcome      string `json:"outcome"`
	Summary      string `json:"summary"`
	Finding      string `json:"finding"`
	Count        int64  `json:"count"`
	Actor        string `json:"actor"`        // the identity, as the log has it: one of Actor.Names
	Impersonated string `json:"impersonated"` // the identity that it took on
	Action       string `json:"action"`
	Target       Target `json:"target"`
	Labels       string `json:"labels"` // that narrowed a list; "" if it was of all
	Command      string `json:"command"`
	Correlation  bool   `json:"correlation"` // it is about several acts
}

// A Link relates an actor to another, with its reason.
type Link struct {
	Actor     string `json:"actor"`
	Why       string `json:"why"`
	Certainty string `json:"certainty"` // certain, likely, possible
}

// RegistryCredential is the kind of a Secret that opens a registry: it lies in the cluster,
// and is rotated at the registry.
const RegistryCredential = "registry-credential"

// Described reports whether the name of a secret says what or where it is, as
// "pod web-0" or "swarm key": no object of Kubernetes is called that, and none of
// its lists brings it.
func Described(kind, name string) bool {
	return kind == "secret" && strings.Contains(name, " ") && !strings.HasPrefix(name, "* ")
}

// CredentialText names a credential as a reader says it, or all of a kind. Of secrets
// "*" means every one there is; of what a command took from where it ran, a token or
// the environment, it means all that it could reach. A name with blanks says what or
// where it is: "pod web-0", "node role of pod web-0", "* with owner=helm".
func CredentialText(kind, namespace, name string) string {
	in := ""
	if namespace != "" {
		in = " in " + namespace
	}
	all, with, labelled := strings.Cut(name, " with ")
	switch {
	case all == "*" && (labelled || name == "*"):
		if in == "" && kind == "secret" {
			in = " of the cluster"
		} else if in == "" {
			in = " within reach"
		}
		if labelled {
			in += " with " + with
		}
		return "every " + kind + in
	case in != "" && strings.HasPrefix(name, "pod "):
		return kind + " in pod " + namespace + "/" + name[len("pod "):]
	case in != "" && strings.Contains(name, " "):
		return kind + " " + name + in
	case in != "":
		return kind + " " + namespace + "/" + name
	}
	return kind + " " + name
}

// An Exposure is one line of the rotation list: a credential, in one scope,
// and who got it.
type Exposure struct {
	Kind      string   `json:"kind"`
	Namespace string   `json:"namespace"` // "" for cluster-wide or none
	Name      string   `json:"name"`      // "*" for all
	Certainty string   `json:"certainty"` // the strongest seen; what follows is known with it
	Actors    []string `json:"actors"`    // actor ids, the highest score first
	How       []string `json:"how"`       // actions: "list", "get", "exec_create"
	First     Time     `json:"first"`
	Last      Time     `json:"last"`
	Count     int64    `json:"count"`
	Findings  []string `json:"findings"`
	Advice    string   `json:"advice"` // rotate, revoke, delete and rotate, check
	Seen      []string `json:"seen"`   // for "*": names of that kind and scope seen elsewhere in the evidence
	Tried     []string `json:"tried"`  // actor ids that are not known to have got it so surely: who was refused, for one
}
