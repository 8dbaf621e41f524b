package formats

import (
	"tideline/parsers"
	"tideline/parsers/auditd"
	"tideline/parsers/containerlog"
	"tideline/parsers/dockerd"
	"tideline/parsers/dockerevents"
	"tideline/parsers/dockerinspect"
	"tideline/parsers/kubeaudit"
	"tideline/parsers/kubehttp"
)

// All returns the formats that can be read, in the order in which they are
// tried when they are equally sure. It is the one list of them.
func All() []*parsers.Format {
	return []*parsers.Format{
		kubeaudit.Format,
		auditd.Format,
		dockerevents.Format,
		dockerd.Format,
		dockerinspect.Format,
		kubehttp.Format,
		containerlog.Format,
	}
}

// outputName is the format that takes any line a container printed. It is
// asked after all others and all envelopes.
const outputName = "container-log"
