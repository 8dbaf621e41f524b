package source

import "strings"

// systemFolders are folders that every host has, or that say what is in them
// and not where it is from.
var systemFolders = map[string]bool{
	"var": true, "log": true, "logs": true, "lib": true, "root": true, "home": true, "etc": true, "tmp": true, "run": true, "opt": true,
	"usr": true, "srv": true, "mnt": true, "data": true, "audit": true, "auditd": true, "docker": true, "dockerd": true, "containers": true, "pods": true,
	"kubernetes": true, "apiserver": true, "kube-apiserver": true, "journal": true, "messages": true, "syslog": true, "archive": true, "results": true,
	"uploads": true, "auto": true, "file": true, "live_response": true, "system": true, "sos_commands": true, ".": true, "..": true, "": true,
}

// archiveExtensions are the extensions of archives, so that a folder and the archive made
// of it have one name.
var archiveExtensions = []string{".gz", ".xz", ".zst", ".bz2", ".tgz", ".txz", ".tar", ".zip", ".7z"}

// Place names the host that a file is of, where nothing else does: the
// innermost folder or archive around it that is no folder of the system's own,
// or else the name of the file as it was before it was rotated. Files of one
// host that were collected together have one place, and files of two hosts
// have two as long as they are kept in folders of their own.
func Place(path string) string {
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '\\' || r == '!' })
	for i := len(parts) - 2; i >= 0; i-- {
		name := parts[i]
		for again := true; again; {
			again = false
			for _, ext := range archiveExtensions {
				if rest, ok := strings.CutSuffix(name, ext); ok {
					name, again = rest, true
				}
			}
		}
		if !systemFolders[strings.ToLower(name)] {
			return name
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return RotationSet(parts[len(parts)-1])
}
