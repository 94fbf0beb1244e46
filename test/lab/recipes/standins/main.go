// Stand-ins for the programs that Debian does not carry: one static program that acts by the name it is called with.
// They answer what a cluster asks of the real ones in order to call them healthy, and do as little else as possible.
package main

import (
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

var acts = map[string]func(args []string) error{
	"nerdctl":          nerdctl,
	"buildctl":         buildctl,
	"buildkitd":        buildkitd,
	"coredns":          coredns,
	"calico-ipam":      func([]string) error { return nil },
	"install":          installCNI,
	"calico-node":      calicoNode,
	"calico-typha":     typha,
	"kube-controllers": kubeControllers,
	"check-status":     checkStatus,
}

func main() {
	name := filepath.Base(os.Args[0])
	act, known := acts[name]
	if !known {
		fmt.Fprintf(os.Stderr, "%s: the lab has no stand-in of this name\n", name)
		os.Exit(127)
	}
	if err := act(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "%s (konverge lab stand-in): %v\n", name, err)
		os.Exit(1)
	}
}

// serveOK answers 200 to everything on one address, and fails when it cannot listen.
func serveOK(address string) error {
	return http.ListenAndServe(address, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "OK")
	}))
}

// untilSignal runs the servers until one fails or the program is told to stop.
func untilSignal(servers ...func() error) error {
	failed := make(chan error, len(servers))
	for _, server := range servers {
		go func(run func() error) { failed <- run() }(server)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	select {
	case err := <-failed:
		return err
	case <-stop:
		return nil
	}
}
