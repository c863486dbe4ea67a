import { type DrawnRole, ROLE_STYLES } from '@firebreak/drawing/roles'
import { NodeProgram, type NodeProgramType, type ProgramInfo } from 'sigma/rendering'
import type { NodeDisplayData, RenderParams } from 'sigma/types'
import { colorToArray, floatColor } from 'sigma/utils'

/** How a node is drawn, packed into one number for the graphics card: shape + 4 if hollow + 8 if ringed. */
export function packLook(role: DrawnRole, ringed: boolean): number {
  const { shape, hollow } = ROLE_STYLES[role]
  return ['circle', 'hexagon', 'diamond', 'square'].indexOf(shape) + (hollow ? 4 : 0) + (ringed ? 8 : 0)
}

const VERTEX = /* glsl */ `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec2 a_position;
attribute float a_size;
attribute float a_look;
attribute float a_angle;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
varying vec4 v_color;
varying vec2 v_at;
varying float v_radius;
varying float v_look;
const float bias = 255.0 / 254.0;
const float room = 1.9; // the triangle has room for a ring around the shape
void main() {
  float radius = a_size * u_correctionRatio / u_sizeRatio * 2.0;
  vec2 corner = 2.0 * room * radius * vec2(cos(a_angle), sin(a_angle));
  gl_Position = vec4((u_matrix * vec3(a_position + corner, 1)).xy, 0, 1);
  v_at = corner;
  v_radius = radius;
  v_look = a_look;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= bias;
}`

const FRAGMENT = /* glsl */ `
precision highp float;
varying vec4 v_color;
varying vec2 v_at;
varying float v_radius;
varying float v_look;
uniform float u_correctionRatio;
uniform vec4 u_ground;
uniform vec4 u_ink;
float shape(vec2 p, float r, float kind) {
  if (kind < 0.5) return length(p) - r;
  p = abs(p);
  if (kind < 1.5) {
    float inner = r * 0.953;
    vec3 k = vec3(-0.866025404, 0.5, 0.577350269);
    p -= 2.0 * min(dot(k.xy, p), 0.0) * k.xy;
    p -= vec2(clamp(p.x, -k.z * inner, k.z * inner), inner);
    return length(p) * sign(p.y);
  }
  if (kind < 2.5) return (p.x + p.y - 1.25 * r) * 0.7071;
  return max(p.x, p.y) - 0.88 * r;
}
void main(void) {
  float pixel = u_correctionRatio * 2.0;
  float look = floor(v_look + 0.5);
  float ringed = step(8.0, look);
  look -= 8.0 * ringed;
  float hollow = step(4.0, look);
  float kind = look - 4.0 * hollow;
  float d = shape(v_at, v_radius, kind);
  #ifdef PICKING_MODE
  gl_FragColor = d > pixel * 2.0 ? vec4(0.0) : v_color;
  #else
  float body = 1.0 - smoothstep(-0.5 * pixel, 0.5 * pixel, d);
  float rim = smoothstep(-2.1 * pixel, -1.1 * pixel, d);
  vec4 fill = hollow > 0.5 ? mix(u_ground, v_color, rim) : v_color;
  float halo = 1.0 - smoothstep(0.6 * pixel, 1.6 * pixel, d);
  vec4 color = mix(vec4(0.0), u_ground, halo);
  color = mix(color, fill, body);
  float ring = abs(length(v_at) - v_radius - 4.5 * pixel) - 1.0 * pixel;
  float onRing = ringed * (1.0 - smoothstep(-0.5 * pixel, 0.5 * pixel, ring));
  gl_FragColor = mix(color, u_ink, onRing);
  #endif
}`

const UNIFORMS = ['u_sizeRatio', 'u_correctionRatio', 'u_matrix', 'u_ground', 'u_ink'] as const
const { UNSIGNED_BYTE, FLOAT, TRIANGLES } = WebGLRenderingContext

/** A sigma node program that draws the drawing package's shapes: filled or hollow, ringed for seeds, on the page's ground. */
export function shapeProgram(ground: string, ink: string): NodeProgramType {
  const rgba = (colour: string) => colorToArray(colour).map((part) => part / 255)
  return class ShapeProgram extends NodeProgram<(typeof UNIFORMS)[number]> {
    getDefinition() {
      return {
        VERTICES: 3,
        VERTEX_SHADER_SOURCE: VERTEX,
        FRAGMENT_SHADER_SOURCE: FRAGMENT,
        METHOD: TRIANGLES as 4,
        UNIFORMS,
        ATTRIBUTES: [
          { name: 'a_position', size: 2, type: FLOAT },
          { name: 'a_size', size: 1, type: FLOAT },
          { name: 'a_color', size: 4, type: UNSIGNED_BYTE, normalized: true },
          { name: 'a_look', size: 1, type: FLOAT },
          { name: 'a_id', size: 4, type: UNSIGNED_BYTE, normalized: true },
        ],
        CONSTANT_ATTRIBUTES: [{ name: 'a_angle', size: 1, type: FLOAT }],
        CONSTANT_DATA: [[0], [(2 * Math.PI) / 3], [(4 * Math.PI) / 3]],
      }
    }

    override processVisibleItem(node: number, at: number, data: NodeDisplayData & { look?: number }): void {
      const { array } = this
      array[at] = data.x
      array[at + 1] = data.y
      array[at + 2] = data.size
      array[at + 3] = floatColor(data.color)
      array[at + 4] = data.look ?? 0
      array[at + 5] = node
    }

    override setUniforms(params: RenderParams, { gl, uniformLocations }: ProgramInfo<(typeof UNIFORMS)[number]>): void {
      gl.uniform1f(uniformLocations.u_correctionRatio, params.correctionRatio)
      gl.uniform1f(uniformLocations.u_sizeRatio, params.sizeRatio)
      gl.uniformMatrix3fv(uniformLocations.u_matrix, false, params.matrix)
      gl.uniform4fv(uniformLocations.u_ground, rgba(ground))
      gl.uniform4fv(uniformLocations.u_ink, rgba(ink))
    }
  }
}
