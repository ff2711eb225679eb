// A run of a thousand pods and a hundred thousand events.

import { writeFileSync } from 'node:fs';

export function writeBig(path: string, pods: number, updates: number): void {
  const lines = `scenario: thousand
description: A thousand pods that come at once and are updated again and again.
cluster: {nodes: [node1, node2, node3, node4, node5]}
steps:
- apply:
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: web}
    spec:
      replicas: ${pods}
      serviceName: web
      podManagementPolicy: Parallel
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: "web:v1"}]}
- settle: {}`.split('\n');
  for (let i = 0; i < updates; ++i) {
    lines.push(`- set-image: {statefulset: web, web: "web:v${i + 2}"}`, '- settle: {}');
  }
  writeFileSync(path, lines.join('\n') + '\n');
}
