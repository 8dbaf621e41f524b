package scanner

import (
	"net/url"
	"strings"

	"tideline/scanner/finding"
)

// fieldRequestURI is where a request to the Kubernetes API says what it narrows
// a list to.
const fieldRequestURI = "requestURI"

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
	for _, uri := range look(fieldRequestURI) {
		if with := wanted(uri); with != "" {
			e.Name = "* with " + shorten(with, maxSelector)
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
