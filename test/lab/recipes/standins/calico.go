package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	felixHealth     = "127.0.0.1:9099"
	controllersMark = "/tmp/kube-controllers.ready"
)

func coredns([]string) error {
	return untilSignal(
		func() error { return serveOK(":8080") },
		func() error { return serveOK(":8181") },
	)
}

func typha([]string) error {
	return untilSignal(
		func() error { return serveOK("127.0.0.1:9098") },
		func() error { return serveOK(":5473") },
	)
}

func kubeControllers([]string) error {
	return untilSignal(func() error {
		for {
			if _, err := listNodes(); err == nil {
				os.WriteFile(controllersMark, nil, 0o644)
			}
			time.Sleep(10 * time.Second)
		}
	})
}

func checkStatus([]string) error {
	_, err := os.Stat(controllersMark)
	return err
}

// installCNI writes the network configuration once the API says which addresses this node may give to its pods.
func installCNI([]string) error {
	name := os.Getenv("KUBERNETES_NODE_NAME")
	for {
		nodes, err := listNodes()
		if err == nil {
			for _, node := range nodes {
				if node.Name == name && node.PodCIDR != "" {
					return writeConflist(node.PodCIDR)
				}
			}
			err = fmt.Errorf("node %q has no podCIDR", name)
		}
		fmt.Println("waiting:", err)
		time.Sleep(2 * time.Second)
	}
}

func writeConflist(podCIDR string) error {
	conflist := map[string]interface{}{
		"name":       "k8s-pod-network",
		"cniVersion": "0.3.1",
		"plugins": []interface{}{
			map[string]interface{}{
				"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
				"ipam": map[string]interface{}{
					"type":   "host-local",
					"ranges": []interface{}{[]interface{}{map[string]string{"subnet": podCIDR}}},
					"routes": []interface{}{map[string]string{"dst": "0.0.0.0/0"}},
				},
			},
			map[string]interface{}{
				"type": "portmap", "snat": true, "capabilities": map[string]bool{"portMappings": true},
			},
		},
	}
	text, err := json.MarshalIndent(conflist, "", "  ")
	if err != nil {
		return err
	}
	directory := "/host/etc/cni/net.d"
	temporary := filepath.Join(directory, ".10-calico.conflist.new")
	if err := os.WriteFile(temporary, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, filepath.Join(directory, "10-calico.conflist"))
}

// calicoNode keeps a route to every other node's pods; its probes ask the running one, as Felix's do.
func calicoNode(args []string) error {
	joined := strings.Join(args, " ")
	switch {
	case strings.Contains(joined, "-init"), strings.Contains(joined, "-shutdown"):
		return nil
	case strings.Contains(joined, "-live"), strings.Contains(joined, "-ready"):
		answer, err := http.Get("http://" + felixHealth)
		if err != nil {
			return err
		}
		return answer.Body.Close()
	}
	return untilSignal(
		func() error { return serveOK(felixHealth) },
		func() error {
			for {
				if err := routePods(os.Getenv("NODENAME")); err != nil {
					fmt.Println("routes:", err)
				}
				time.Sleep(5 * time.Second)
			}
		},
	)
}

func routePods(self string) error {
	nodes, err := listNodes()
	if err != nil {
		return err
	}
	for _, node := range nodes {
		if node.Name == self || node.PodCIDR == "" || node.Address == "" {
			continue
		}
		command := exec.Command("ip", "route", "replace", node.PodCIDR, "via", node.Address, "proto", "bird")
		if output, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %s", command, output)
		}
	}
	return nil
}
