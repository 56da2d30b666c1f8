package worker

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
)

// packagePath returns that of this package, under whatever name a program imports it.
func packagePath() string { return reflect.TypeFor[core]().PkgPath() }

// registry holds the functions that a process may be asked to call: those that it has a way to. It is one of the few
// things here that all of a program shares.
var registry struct {
	sync.Mutex
	names  map[string]bool
	unread []any // what else was registered, in a worker
	main   bool  // Main was called: in a new process it will be reached too
}

// Register makes functions known by name, so that workers in other processes can call them. It is to
// be called before [Main], with functions that are declared at top level, or for [StartRunner] with Run
// of a type that is, as (*Counter).Run also where its receiver is no pointer; any other value panics.
func Register(functions ...any) {
	registry.Lock()
	defer registry.Unlock()
	if self.worker { // the first process has checked them, and names take time
		registry.unread = append(registry.unread, functions...)
		return
	}
	for _, f := range functions {
		register(f)
	}
}

// register adds f by its name. The registry is locked.
func register(f any) {
	v := reflect.ValueOf(f)
	if v.Kind() != reflect.Func || v.IsNil() {
		panic(fmt.Sprintf("worker.Register: %T is not a function", f))
	}
	name := functionName(v.Pointer())
	isRun := runner(name) != "" && v.Type().NumIn() == 1 && v.Type().NumOut() == 0
	if why := unnamed(name); why != "" && !isRun {
		panic(fmt.Sprintf("worker.Register: %s is %s", name, why))
	}
	if registry.names == nil {
		registry.names = make(map[string]bool)
	}
	registry.names[name] = true
}

// unregistered says why a process does not find f, which is a method if StartRunner asks; "" where it does.
func unregistered(f reflect.Value, method bool) string {
	if f.IsNil() {
		return "the function is nil"
	}
	name := functionName(f.Pointer())
	shown := strings.TrimPrefix(name[strings.LastIndexByte(name, '/')+1:], "main.")
	if receiver := runner(name); method && receiver != "" {
		shown = receiver + ".Run"
	} else if method {
		return fmt.Sprintf("%s is no method that a process finds: it finds Run by its type, so declare that at top level, "+
			"not generic", name)
	} else if receiver != "" {
		return fmt.Sprintf("%s is a method: give its value to worker.StartRunner", name)
	} else if why := unnamed(name); why != "" {
		return fmt.Sprintf("%s is %s: a process finds its function by name, so declare it at top level, "+
			"with all that it needs in its parameter", name, why)
	}
	registry.Lock()
	defer registry.Unlock()
	for _, f := range registry.unread {
		register(f)
	}
	registry.unread = nil
	switch {
	case !registry.main:
		return "no worker can be a process before worker.Main() was called, which is to be the first thing that main does"
	case !registry.names[name]:
		return fmt.Sprintf("a process does not find %s: call worker.Register(%s) in init", name, shown)
	}
	return ""
}

// functionName returns the name of the function whose code begins at pc, as in traces: "main.square".
func functionName(pc uintptr) string {
	// FuncForPC would name the function that is inlined at pc. Frames go from there outwards.
	frames := runtime.CallersFrames([]uintptr{pc + 1})
	for {
		frame, more := frames.Next()
		if !more {
			return frame.Function
		}
	}
}

// unnamed says what a function is whose name does not stand for it alone; "" for those declared at top level.
func unnamed(name string) string {
	local := name[strings.LastIndexByte(name, '/')+1:]
	_, local, _ = strings.Cut(local, ".")
	switch {
	case strings.HasSuffix(local, "-fm"):
		return "a method of some value"
	case strings.Contains(local, "["):
		return "generic, or within a generic function"
	case strings.HasPrefix(local, "("):
		return "a method"
	case strings.Contains(local, "."):
		return "a function literal or a method"
	}
	return ""
}

// runner returns T, in brackets and with its star, if name is that of (*T).Run, which stands for it
// alone: T is not generic, and not declared in a function.
func runner(name string) (receiver string) {
	local := name[strings.LastIndexByte(name, '/')+1:]
	_, local, _ = strings.Cut(local, ".")
	receiver, isRun := strings.CutSuffix(local, ".Run")
	if !isRun || !strings.HasPrefix(receiver, "(*") || strings.ContainsAny(receiver, ".[·") {
		return ""
	}
	return receiver
}
