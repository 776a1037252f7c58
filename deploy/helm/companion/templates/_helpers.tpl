{{/* What each object is labelled with; called with the chart's root. */}}
{{- define "companion.labels" -}}
app.kubernetes.io/name: companion
app.kubernetes.io/part-of: companion
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* What a pod of a component is found by; called with a component's name. */}}
{{- define "companion.selector" -}}
app.kubernetes.io/name: companion
app.kubernetes.io/component: {{ . }}
{{- end }}

{{/* What pods are labelled with; called with a component's name. */}}
{{- define "companion.podLabels" -}}
{{ include "companion.selector" . }}
app.kubernetes.io/part-of: companion
{{- end }}

{{/* New settings are new pods. */}}
{{- define "companion.checksum" -}}
checksum/settings: {{ .Values.settings | toJson | sha256sum }}
{{- end }}

{{/* What every pod has: nobody's rights, no token, no root. */}}
{{- define "companion.pod" -}}
serviceAccountName: companion
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumes:
  - name: secrets
    secret: {secretName: {{ .Values.secretName }}, defaultMode: 0440}
  - name: data
    emptyDir: {sizeLimit: 64Mi}
  - name: tmp
    emptyDir: {sizeLimit: 256Mi}
{{- end }}

{{/* What every container has. */}}
{{- define "companion.container" -}}
image: {{ printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
envFrom:
  - configMapRef: {name: companion-settings}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
volumeMounts:
  - {name: secrets, mountPath: /run/secrets/companion, readOnly: true}
  - {name: data, mountPath: /data}
  - {name: tmp, mountPath: /tmp}
{{- end }}

{{/* Where pods may go; called with the values of a component. */}}
{{- define "companion.place" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
