package main

import "runtime/debug"

// release is the version of the source tree, raised by hand with each release.
const release = "0.1.0"

// version is the release, and the module version where the binary was
// installed as one.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return release + " (" + info.Main.Version + ")"
	}
	return release
}
