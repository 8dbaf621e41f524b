package tally

import "strings"

// fewChanges is how many requests a log must hold for it to be remarkable that none of
// them reads.
const fewChanges = 20

// ChangesOnly is the number of requests to the Kubernetes API if none of them reads
// anything, and 0 otherwise, or if too few are known. Kubelets alone read all day: a log
// without that was made of changes only, as providers keep them by default.
func (a *Aggregates) ChangesOnly() int64 {
	if a.Overflow > 0 {
		return 0
	}
	var n int64
	for key, row := range a.Principals {
		if !strings.HasPrefix(key.Actor, "k8s:") {
			continue
		}
		switch key.Action {
		case "get", "list", "watch":
			if !strings.Contains(key.Kind, "/") { // exec, attach, portforward and proxy come as get too
				return 0
			}
		}
		n += row.events()
	}
	if n < fewChanges {
		return 0
	}
	return n
}
