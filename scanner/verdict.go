package scanner

import (
	"fmt"
	"strings"

	"tideline/scanner/finding"
)

// verdict says in two or three sentences what a tired person needs first: who
// is at the top of the list and what they did, what was taken, and whether the
// evidence could be read in full.
func verdict(o *finding.Overview) string {
	var parts []string
	if s := &o.Summary; s.Findings == 0 {
		parts = append(parts, nothing(o))
	} else {
		parts = append(parts, who(o))
	}
	if taken := taken(o.Exposure); taken != "" {
		parts = append(parts, taken)
	}
	if !o.Summary.Complete {
		parts = append(parts, incomplete(o))
	}
	return strings.Join(parts, " ")
}

func nothing(o *finding.Overview) string {
	if o.Summary.Events == 0 {
		return "No event of a known format was found, so nothing can be said."
	}
	return fmt.Sprintf("Nothing was found in %d events; %d of %d rules could have fired on this evidence.",
		o.Summary.Events, o.Coverage.Ran, o.Coverage.Ran+len(o.Coverage.Rules))
}

func who(o *finding.Overview) string {
	if len(o.Actors) == 0 {
		return fmt.Sprintf("%d findings, none of them tied to an actor.", o.Summary.Findings)
	}
	a := &o.Actors[0]
	name := orElse(strings.Join(a.Names, " alias "), a.ID)
	s := fmt.Sprintf("%s stands out with a score of %d (%s)", shorten(name, 120), a.Score, finding.Band(a.Score))
	if len(a.Addresses) > 0 {
		s += ", from " + listed(a.Addresses, 3)
	}
	s += fmt.Sprintf(", in %d of %d findings", a.Total, o.Summary.Findings)
	if !a.First.IsZero() {
		s += fmt.Sprintf(" between %s and %s", a.First.Format("2006-01-02 15:04"), a.Last.Format("2006-01-02 15:04 MST"))
	}
	return s + "."
}

func taken(exposure []finding.Exposure) string {
	obtained, names := 0, []string{}
	for i := range exposure {
		e := &exposure[i]
		if e.Certainty != finding.Obtained || e.Advice == "check" {
			continue
		}
		obtained++
		if len(names) < 3 {
			names = append(names, exposureName(e))
		}
	}
	switch {
	case obtained == 0:
		return ""
	case obtained > len(names):
		return fmt.Sprintf("To rotate: %s and %d more.", strings.Join(names, ", "), obtained-len(names))
	}
	return fmt.Sprintf("To rotate: %s.", strings.Join(names, ", "))
}

// exposureName names a credential, or all of a kind and scope.
func exposureName(e *finding.Exposure) string {
	switch {
	case e.Name == "*" && e.Namespace != "":
		return fmt.Sprintf("every %s in %s", e.Kind, shorten(e.Namespace, 80))
	case e.Name == "*":
		return "every " + e.Kind
	case e.Namespace != "":
		return e.Kind + " " + shorten(e.Namespace+"/"+e.Name, 80)
	}
	return e.Kind + " " + shorten(e.Name, 80)
}

func incomplete(o *finding.Overview) string {
	switch {
	case o.Summary.Interrupted:
		return "The scan was interrupted."
	case o.Summary.GapCount > 0:
		return fmt.Sprintf("The evidence could not be read in full: %d gaps, %d bytes.", o.Summary.GapCount, o.Summary.GapBytes)
	}
	return "The scan is incomplete: some rules did not run."
}

func listed(list []string, most int) string {
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}
