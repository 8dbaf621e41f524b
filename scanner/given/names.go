package given

import (
	"net/url"
	"strings"

	"tideline/scanner/finding"
	"tideline/scanner/text"
)

// A list that asked for all Secrets gave away those that it brought, and a list that
// asked for some, those: a report names them where the log does.

// FieldItemName and FieldItemNamespace name what a response brought, where bodies were logged. Their
// values are not looked at: a report says which secrets were returned, never
// what was in them.
const (
	FieldItemName      = "responseObject.items.metadata.name"
	FieldItemNamespace = "responseObject.items.metadata.namespace"
)

// MaxReturned bounds the names taken from one response, and told of one finding.
const MaxReturned = 2000

// Refine calls what was given away as all logs do, and adds what a response to a request
// for all of a kind brought. It changes exposed; look gives the values of a field.
func Refine(exposed []finding.Exposed, look func(string) []string) []finding.Exposed {
	exposed = append(exposed, returned(exposed, look)...)
	for i := range exposed {
		narrowed(&exposed[i], look)
		accountNamed(&exposed[i])
		podNamed(&exposed[i])
		fileNamed(&exposed[i])
	}
	return exposed
}

// returned names the secrets of a response to a request for all of them. It
// obtained exactly those.
func returned(exposed []finding.Exposed, look func(string) []string) []finding.Exposed {
	var out []finding.Exposed
	for _, e := range exposed {
		if e.Kind != "secret" || e.Name != "*" || e.Certainty != finding.Obtained {
			continue
		}
		names, namespaces := look(FieldItemName), look(FieldItemNamespace)
		for i, name := range names[:min(len(names), MaxReturned)] {
			item := finding.Exposed{Kind: e.Kind, Namespace: e.Namespace, Name: name, Certainty: finding.Obtained}
			if len(namespaces) == len(names) {
				item.Namespace = namespaces[i]
			}
			if name != "" {
				out = append(out, item)
			}
		}
	}
	return out
}

// FieldRequestURI is where a request to the Kubernetes API says what it narrows
// a list to.
const FieldRequestURI = "requestURI"

// narrowedName begins the name of all credentials that have some labels.
const narrowedName = "* with "

// Labels are those that narrowed what was given away; "" if nothing did, or if all of
// it was given away as well.
func Labels(exposed []finding.Exposed) (narrow string) {
	for _, e := range exposed {
		if with, ok := strings.CutPrefix(e.Name, narrowedName); ok && narrow == "" {
			narrow = with
		}
		if e.Name == "*" {
			return ""
		}
	}
	return narrow
}

// maxSelector bounds the text of a selector in the name of a credential.
const maxSelector = 120

// narrowed says of "all" that it was all of those with a label: the server
// answers such a list with them and with nothing else, so that `helm list` did not
// take every Secret there is. Only labels that are asked for narrow a list; one
// that leaves out what has a label (owner!=helm, !owner) leaves nearly all.
func narrowed(e *finding.Exposed, look func(string) []string) {
	if e.Name != "*" || e.Kind != "secret" && e.Kind != "configmap" {
		return
	}
	for _, uri := range look(FieldRequestURI) {
		if with := wanted(uri); with != "" {
			e.Name = narrowedName + text.Shorten(with, maxSelector)
		}
	}
}

// accountNamed takes the name of a service account apart that a token has in it, so
// that it is told with what else is known of the account's tokens.
func accountNamed(e *finding.Exposed) {
	if e.Kind != "service-account-token" || e.Namespace != "" {
		return
	}
	account, ok := strings.CutPrefix(e.Name, "system:serviceaccount:")
	if namespace, name, of := strings.Cut(account, ":"); ok && of {
		e.Namespace, e.Name = namespace, name
	}
}

// podNamed calls what belongs to a pod as the API server's log lets rules call it, in
// the pod's namespace: "pod web-0". A kubelet says "pod prod/web-0" or "node role of pod prod/web-0", and Docker and
// its command line say k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT (cri-dockerd, naming.go),
// which were credentials of their own.
func podNamed(e *finding.Exposed) {
	if e.Namespace != "" {
		return
	}
	what, name := "", e.Name
	if i := strings.LastIndexByte(name, ' '); i >= 0 {
		what, name = name[:i+1], name[i+1:]
	}
	if namespace, pod, ok := strings.Cut(name, "/"); ok && (what == "pod " || strings.HasSuffix(what, " pod ")) {
		e.Namespace, e.Name = namespace, what+pod
	}
	if !strings.HasPrefix(name, "k8s_") {
		return
	}
	if parts := strings.Split(name, "_"); len(parts) >= 4 && !strings.ContainsAny(parts[3], ":/") {
		e.Namespace, e.Name = parts[3], what+"pod "+parts[2]
	}
}

// inCommand stands before a command of sudo, of which a rule knows no arguments.
const inCommand = "in the command "

// fileNamed takes off what a program wants before a path in an argument, as dd's if=
// and curl's f=@, and takes the file out of a whole command: it is one credential,
// however it was named.
func fileNamed(e *finding.Exposed) {
	switch e.Kind {
	case "secret", "file", "kubeconfig", "certificate", "cloud-credential", "registry-credential":
		if command, whole := strings.CutPrefix(e.Name, inCommand); whole {
			for i, word := range strings.Fields(command) {
				// The first is the program; what lies in /tmp is made.
				if i > 0 && len(word) > 1 && word[0] == '/' && !strings.HasPrefix(word, "/tmp/") && !strings.ContainsAny(word, `:'"`) {
					e.Name = word
					break
				}
			}
			return
		}
		if i := strings.IndexByte(e.Name, '/'); e.Kind != "secret" && i > 0 && (e.Name[i-1] == '=' || e.Name[i-1] == '@') && e.Namespace == "" {
			e.Name = e.Name[i:]
		}
	}
}

// wanted are the labels that a request asks for by their value, as it has them.
func wanted(uri string) string {
	_, query, _ := strings.Cut(uri, "?")
	if !strings.Contains(query, "labelSelector=") {
		return ""
	}
	values, err := url.ParseQuery(query)
	if err != nil || len(values["labelSelector"]) != 1 {
		return "" // of two the server reads the first; nobody honest sends two
	}
	var labels []string
	for _, part := range strings.Split(values.Get("labelSelector"), ",") {
		key, value, equal := strings.Cut(part, "=")
		if value = strings.TrimPrefix(value, "="); equal && value != "" && key != "" && !strings.ContainsAny(part, "!() ") {
			labels = append(labels, key+"="+value)
		}
	}
	return strings.Join(labels, ",")
}
