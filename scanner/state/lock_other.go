//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package state

import (
	"errors"
	"os"
)

// acquire refuses: without a lock that ends with its process, two runs could
// tear the state.
func acquire(string) (*os.File, error) {
	return nil, errors.New("a state needs flock(2), which this system does not have; scan without --state")
}
