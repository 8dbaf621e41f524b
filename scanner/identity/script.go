package identity

import (
	"path"
	"slices"
	"strings"

	"tideline/scanner/finding"
)

// inScript reports whether a command of more than one word is one of those in the
// script that a shell was told with -c: the kernel logs the shell, and then each program
// that it starts, which nobody else tells of.
func inScript(command, part string) bool {
	if program, _, more := strings.Cut(part, " "); !more || !strings.Contains(command, program) {
		return false // asked first: of a flood of acts each is held against each
	}
	words := strings.SplitN(command, " ", 3)
	if len(words) < 3 || !shells[path.Base(words[0])] || !strings.HasPrefix(words[1], "-") || !strings.HasSuffix(words[1], "c") {
		return false
	}
	part = unquoted.Replace(part)
	for _, step := range strings.FieldsFunc(words[2], func(r rune) bool { return strings.ContainsRune(";|&\n()`", r) }) {
		if strings.TrimSpace(unquoted.Replace(step)) == part {
			return true
		}
	}
	return false
}

// passesScript reports whether a command hands a shell a script with part in it, as in
// crictl exec ID sh -c SCRIPT.
func passesScript(command, part string) bool {
	for rest := command; ; {
		_, after, more := strings.Cut(rest, " ")
		if !more {
			return false
		}
		if rest = after; inScript(rest, part) {
			return true
		}
	}
}

var shells = map[string]bool{"sh": true, "bash": true, "dash": true, "ash": true, "zsh": true, "ksh": true}

// unquoted is a command without the quotes of the shell, which the arguments of the
// program that it starts no longer have.
var unquoted = strings.NewReplacer(`"`, "", `'`, "")

// multiCall are programs that are many, so that their file does not tell which one ran.
var multiCall = []string{"busybox", "toybox", "coreutils"}

// opensFor reports whether h is the opening of a file that a command names, by the
// program that it names: the kernel logs it without the command.
func opensFor(command string, h *finding.Hit) bool {
	if h.Command != "" || h.Target.Kind != "file" || !strings.HasPrefix(h.Target.Name, "/") || !strings.Contains(command, h.Target.Name) {
		return false
	}
	words := strings.FieldsFunc(unquoted.Replace(command), func(r rune) bool { return strings.ContainsRune(" ;|&\n()`<>=", r) })
	program := path.Base(h.Actor.Agent)
	return slices.Contains(words, h.Target.Name) &&
		(slices.Contains(multiCall, program) || slices.ContainsFunc(words, func(w string) bool { return path.Base(w) == program }))
}
