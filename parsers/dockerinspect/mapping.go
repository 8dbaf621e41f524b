package dockerinspect

import "tideline/parsers"

// mapping is what the fields of rules stand for, whatever the shape.
var mapping = []parsers.Mapping{
	{Field: "*", Is: "the member of the object that docker inspect calls so: Id, Name, Created, Path, Args, Image, State.*, Config.*, HostConfig.*"},
	{Field: "Config.Env", Is: "one value per variable, NAME=value"},
	{Field: "Mounts.Source Mounts.Destination Mounts.Type Mounts.RW", Is: "one value per mount"},
	{Field: "container.id container.name container.image container.pod container.namespace", Is: "of the container"},
}
