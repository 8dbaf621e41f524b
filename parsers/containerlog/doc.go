// Package containerlog reads what containers wrote to stdout and stderr, as
// their runtime kept it: where applications print credentials, and tools that
// steal them print what they stole.
//
// # Format
//
//	CRI        2025-03-01T10:00:00.123456789Z stdout F message
//	json-file  {"log":"message\n","stream":"stdout","attrs":{...},"time":"2025-03-01T10:00:00.1Z"},
//	           also made of the binary files of Docker's driver local: see package locallog
//	shippers   {"log":"message","kubernetes":{"pod_name":...},...}, also with "message": fluentd,
//	           fluent-bit, vector, beats (ECS), stern, FireLens, Docker's drivers for GELF, Splunk
//	           and Google's cloud, GKE's entries of Cloud Logging, Datadog's; see shipper.go
//	text       message, or TIME message, or [pod/NAME/CONTAINER] message,
//	           or web-1  | message, as docker compose logs and service logs
//	           print it; see prefixed.go
//
// Any text would do for the last. It is taken only where something tells that it
// is a container's: the origin of the record, which is made of the path, or the
// prefix of kubectl or compose. Sniff goes by the path.
//
// # Time
//
// That of the record; of a line in pieces, that of the first. One without a zone
// is UTC. Else that of the envelope.
//
// # Fields
//
// mapping.go has the table of all fields, which `tideline rules show --fields`
// prints.
//
// Keywords are the line. Facts name the container as the actor, and say that it
// gave output: that a credential was printed does not say who read it.
//
// # Grouping
//
// Runtimes cut lines at 16 KiB. Pieces are put together per stream, up to 16 MiB
// a line: CRI pieces up to the one marked F, those of json-file up to the one
// that ends in a newline, if they are no more than ten minutes apart. Those in a
// journal are put together per container and priority; see pieces.go. Files whose
// records never end in one are read record by record, after the first eight.
//
// # Where things are
//
//	format.go                           which texts are output, and from which path that is known
//	entry.go object.go                  one record taken apart: what runtimes write, and objects of shippers
//	shipper.go prefixed.go              where shippers, kubectl and compose say whose a line is
//	identity.go                         whose line it is
//	decoder.go partial.go pieces.go     lines that were cut are put together, those in a journal too
//	carry.go                            logs that grew
//	view.go mapping.go                  the fields
//
// # Losses
//
// A rotated file begins or ends inside a line; the pieces are events of their
// own. A runtime may drop output under pressure (mode=non-blocking) without a trace.
//
// # Sources
//
// kubernetes/cri-api and containerd: internal/cri/io/logger.go; moby/moby:
// daemon/logger/jsonfilelog and daemon/logger/copier.go; kubernetes: kubelet's
// paths in pkg/kubelet/kuberuntime/helpers.go; openshift/cluster-logging-operator;
// docker/compose: cmd/formatter/logs.go; docker/cli: cli/command/service/logs.go.
package containerlog
